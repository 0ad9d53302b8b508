/** An amount spent, as counted by a client, by the ledger, or as the difference of the two. */
export interface Spend {
  costNanoUsd: bigint;
  inputTokens: bigint;
  outputTokens: bigint;
  cacheReadTokens: bigint;
  cacheWriteTokens: bigint;
  webSearchRequests: bigint;
}

/** Tokens of all prompts: no request has a prompt without tokens. */
export const PROMPT_FIELDS = ['inputTokens', 'cacheReadTokens', 'cacheWriteTokens'] as const;

export function noSpend(): Spend {
  return spendBy(() => 0n);
}

export function plusSpend(a: Spend, b: Spend): Spend {
  return spendBy((name) => a[name] + b[name]);
}

export function minusSpend(a: Spend, b: Spend): Spend {
  return spendBy((name) => a[name] - b[name]);
}

export function sumSpend(parts: Iterable<Spend>): Spend {
  let sum = noSpend();
  for (const part of parts) sum = plusSpend(sum, part);
  return sum;
}

/** Adds to the value of a key in a map. */
export function addSpend<Key>(sums: Map<Key, Spend>, key: Key, part: Spend): void {
  const sum = sums.get(key);
  sums.set(key, sum === undefined ? part : plusSpend(sum, part));
}

function spendBy(valueOf: (name: keyof Spend) => bigint): Spend {
  return {
    costNanoUsd: valueOf('costNanoUsd'),
    inputTokens: valueOf('inputTokens'),
    outputTokens: valueOf('outputTokens'),
    cacheReadTokens: valueOf('cacheReadTokens'),
    cacheWriteTokens: valueOf('cacheWriteTokens'),
    webSearchRequests: valueOf('webSearchRequests'),
  };
}
