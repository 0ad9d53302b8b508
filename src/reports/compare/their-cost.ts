import { computeCost, lookupPrice } from '../../pricing/cost.ts';
import type { PriceTable } from '../../pricing/price-table.ts';
import {
  type Iteration,
  NO_USAGE,
  type Usage,
  type UsageModifiers,
} from '../../core/usage/usage.ts';
import type { Amounts } from './amounts.ts';

/** The inputs of a price calculation. */
export interface Priced {
  model: string;
  atMs: number;
  usage: Usage;
  modifiers: UsageModifiers;
  iterations: Iteration[];
}

/** Nano-USD at our prices; 0 without a price. */
export function costAt(prices: PriceTable, priced: Priced): bigint {
  const { row } = lookupPrice(prices, priced.model, priced.atMs);
  return row === null ? 0n : BigInt(computeCost(priced, row));
}

const TIER_TOKENS = 200_000;
const TIERED = /^claude-sonnet-4(?:-5)?$/;

/**
 * The surcharge of ccusage for long prompts: for each kind of tokens those above 200,000, input at twice
 * and output at one and a half times its price. The vendor's list no longer has such a price.
 */
export function longPromptExtra(prices: PriceTable, model: string, priced: Priced): bigint {
  if (!TIERED.test(model)) return 0n;
  const above = (count: number): number => Math.max(0, count - TIER_TOKENS);
  const { usage } = priced;
  const once: Usage = {
    inputTokens: above(usage.inputTokens),
    outputTokens: 0,
    cacheReadTokens: above(usage.cacheReadTokens),
    cacheWrite5mTokens: above(usage.cacheWrite5mTokens),
    cacheWrite1hTokens: above(usage.cacheWrite1hTokens),
    webSearchRequests: 0,
  };
  const output: Usage = { ...NO_USAGE, outputTokens: above(usage.outputTokens) };
  const at = (part: Usage): bigint => costAt(prices, { ...priced, usage: part, iterations: [] });
  return at(once) + at(output) / 2n;
}

export function ccusageAmounts(usage: Usage, costNanoUsd: bigint): Amounts {
  return {
    inputTokens: BigInt(usage.inputTokens),
    outputTokens: BigInt(usage.outputTokens),
    cacheReadTokens: BigInt(usage.cacheReadTokens),
    cacheWriteTokens: BigInt(usage.cacheWrite5mTokens) + BigInt(usage.cacheWrite1hTokens),
    costNanoUsd,
  };
}
