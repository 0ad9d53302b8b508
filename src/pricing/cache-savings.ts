import type { UnpricedRecord } from '../core/record/cost-record.ts';
import type { PriceTable } from './cost.ts';
import { priceRecord } from './price-record.ts';
import type { Iteration } from '../core/usage/usage.ts';

/**
 * What the prompt cache saved on one request, nano-USD: the cost of all of its input at the input price,
 * minus its actual cost. Negative if more was written than read. Uses the request's own modifiers and tier,
 * because the prompt is equally long either way.
 * @param costNanoUsd the recorded cost of the request
 * @returns null if the table does not contain the price that the record was computed from
 */
export function cacheSavings(
  draft: UnpricedRecord,
  costNanoUsd: number | null,
  prices: PriceTable,
): number | null {
  if (draft.chargedNanoUsd !== null || costNanoUsd === null) return null;
  if (!usesCache(draft.usage)) return 0;
  // Repriced since, or priced by a table that is not available: these rates are not the record's.
  if (priceRecord(draft, prices).costNanoUsd !== costNanoUsd) return null;
  const uncached = {
    ...draft,
    usage: { ...draft.usage, ...withoutCache(draft.usage) },
    iterations: draft.iterations.map((pass) => ({ ...pass, ...withoutCache(pass) })),
  };
  const { costNanoUsd: uncachedNanoUsd } = priceRecord(uncached, prices);
  return uncachedNanoUsd === null ? null : uncachedNanoUsd - costNanoUsd;
}

function usesCache(usage: Iteration): boolean {
  return usage.cacheReadTokens + usage.cacheWrite5mTokens + usage.cacheWrite1hTokens > 0;
}

function withoutCache(usage: Iteration): Iteration {
  const { inputTokens, outputTokens, cacheReadTokens } = usage;
  const writes = usage.cacheWrite5mTokens + usage.cacheWrite1hTokens;
  return {
    inputTokens: inputTokens + cacheReadTokens + writes,
    outputTokens,
    cacheReadTokens: 0,
    cacheWrite5mTokens: 0,
    cacheWrite1hTokens: 0,
  };
}
