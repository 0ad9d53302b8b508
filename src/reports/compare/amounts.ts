import { type Sum, toSum } from '../report.ts';

/** What both tools count: the four kinds of tokens, and money. Exact, even beyond 2^53. */
export interface Amounts {
  inputTokens: bigint;
  outputTokens: bigint;
  cacheReadTokens: bigint;
  cacheWriteTokens: bigint;
  costNanoUsd: bigint;
}

const NAMES = [
  'inputTokens',
  'outputTokens',
  'cacheReadTokens',
  'cacheWriteTokens',
  'costNanoUsd',
] as const;

export function noAmounts(): Amounts {
  return {
    inputTokens: 0n,
    outputTokens: 0n,
    cacheReadTokens: 0n,
    cacheWriteTokens: 0n,
    costNanoUsd: 0n,
  };
}

/** Adds `what` to `to`, or subtracts it. */
export function addAmounts(to: Amounts, what: Amounts, sign: 1n | -1n = 1n): Amounts {
  for (const name of NAMES) to[name] += sign * what[name];
  return to;
}

export function difference(a: Amounts, b: Amounts): Amounts {
  return addAmounts({ ...a }, b, -1n);
}

export function isNothing(amounts: Amounts): boolean {
  return NAMES.every((name) => amounts[name] === 0n);
}

export function hasTokens(amounts: Amounts): boolean {
  return NAMES.some((name) => name !== 'costNanoUsd' && amounts[name] !== 0n);
}

export type AmountsJson = Record<keyof Amounts, Sum> & { costUsd: number };

export function amountsJson(amounts: Amounts): AmountsJson {
  const sums = Object.fromEntries(NAMES.map((name) => [name, toSum(amounts[name])]));
  return { ...(sums as Record<keyof Amounts, Sum>), costUsd: Number(amounts.costNanoUsd) / 1e9 };
}
