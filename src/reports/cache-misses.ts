import { MISS_REASONS, type MissReason } from '../core/attribution/cache-miss.ts';
import type { AttributionReader } from '../store/attribution/reader.ts';
import type { LedgerReader } from '../store/reader.ts';
import { type CacheMiss, buildHead, toCacheMisses, walkShares } from './explain/explain.ts';
import { type Report, type Sum, toSum } from './report.ts';
import type { SummaryRequest } from './summary.ts';

/** Requests billed at the price of new input for what was in their context already. */
export interface CacheMissReport extends Omit<Report, 'groups'> {
  /** The cost of all misses, which is part of `totals.costNanoUsd`. */
  costNanoUsd: Sum;
  requests: number;
  byReason: { reason: MissReason; requests: number; rewrittenTokens: Sum; costNanoUsd: Sum }[];
  /** The most expensive misses, up to the requested number. */
  misses: CacheMiss[];
}

export async function cacheMissReport(
  reader: LedgerReader,
  attribution: AttributionReader,
  request: SummaryRequest,
): Promise<CacheMissReport> {
  const misses: CacheMiss[] = [];
  await walkShares(attribution, request.filter, (explained) =>
    misses.push(...toCacheMisses(explained)),
  );
  const sums = new Map<MissReason, { requests: number; tokens: bigint; cost: bigint }>();
  for (const { reason, rewrittenTokens, costNanoUsd } of misses) {
    const sum = sums.get(reason) ?? { requests: 0, tokens: 0n, cost: 0n };
    sum.requests++;
    sum.tokens += BigInt(rewrittenTokens);
    sum.cost += BigInt(costNanoUsd);
    sums.set(reason, sum);
  }
  misses.sort((a, b) =>
    a.costNanoUsd === b.costNanoUsd
      ? a.requestId < b.requestId
        ? -1
        : 1
      : b.costNanoUsd - a.costNanoUsd,
  );
  const { groups: _, ...head } = await buildHead(reader, request);
  return {
    ...head,
    costNanoUsd: toSum([...sums.values()].reduce((sum, { cost }) => sum + cost, 0n)),
    requests: misses.length,
    byReason: MISS_REASONS.flatMap((reason) => {
      const sum = sums.get(reason);
      if (sum === undefined) return [];
      const { requests, tokens, cost } = sum;
      return [{ reason, requests, rewrittenTokens: toSum(tokens), costNanoUsd: toSum(cost) }];
    }).sort((a, b) => Number(b.costNanoUsd) - Number(a.costNanoUsd)),
    misses: misses.slice(0, request.limit ?? misses.length),
  };
}
