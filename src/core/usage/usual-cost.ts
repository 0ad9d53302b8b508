import { splitInProportion } from '../attribution/split.ts';
import { type Exact, times } from '../money/money.ts';
import type { Usage } from './usage.ts';

/** The cost of each kind of tokens of a request, in integer nano-USD; they sum exactly to its cost. */
export interface CostParts {
  inputCostNanoUsd: number;
  outputCostNanoUsd: number;
  cacheReadCostNanoUsd: number;
  cacheWriteCostNanoUsd: number;
  webSearchCostNanoUsd: number;
}

/** $0.01 per search, in nano-USD. Page fetches and code execution are free. */
const NANO_USD_PER_SEARCH = 10_000_000;

/** The usual price ratios of Claude's kinds of tokens, for a request whose price is unknown. */
const USUAL = { input: 20, output: 100, cacheRead: 2, cacheWrite5m: 25, cacheWrite1h: 40 };

/** Splits a cost of which only the token counts are known. */
export function splitUsualCost(costNanoUsd: number, usage: Usage): CostParts {
  const searches = computeSearchCost(costNanoUsd, usage);
  return namedParts(usualParts(costNanoUsd - searches, usage), searches);
}

export function computeSearchCost(costNanoUsd: number, usage: Usage): number {
  return Math.min(Number(searchesNanoUsd(usage)), costNanoUsd);
}

export function namedParts(
  [input = 0, output = 0, cacheRead = 0, cacheWrite = 0]: readonly number[],
  searches: number,
): CostParts {
  return {
    inputCostNanoUsd: input,
    outputCostNanoUsd: output,
    cacheReadCostNanoUsd: cacheRead,
    cacheWriteCostNanoUsd: cacheWrite,
    webSearchCostNanoUsd: searches,
  };
}

/** Splits a cost by the usual ratios; without any tokens it is attributed to the input. */
export function usualParts(tokensNanoUsd: number, usage: Usage): number[] {
  const weights = [
    usage.inputTokens * USUAL.input,
    usage.outputTokens * USUAL.output,
    usage.cacheReadTokens * USUAL.cacheRead,
    usage.cacheWrite5mTokens * USUAL.cacheWrite5m + usage.cacheWrite1hTokens * USUAL.cacheWrite1h,
  ];
  return splitInProportion(tokensNanoUsd, weights) ?? [tokensNanoUsd];
}

export function searchesNanoUsd({ webSearchRequests }: Usage): Exact {
  return times(NANO_USD_PER_SEARCH, webSearchRequests);
}
