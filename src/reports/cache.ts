import { cacheSavings } from '../pricing/cache-savings.ts';
import type { UnpricedRecord } from '../core/record/cost-record.ts';
import { NO_LINE_FACTS } from '../core/record/line-facts.ts';
import type { PriceTable } from '../pricing/price-table.ts';
import { priceRecord } from '../pricing/price-record.ts';
import type { CacheGroup } from '../store/sums/cache-groups.ts';

/** What caches saved: what the same input would have cost uncached, minus what it did cost. */
export interface CacheReport {
  /** Signed: negative if more was written than read. Accurate to about 0.001%. */
  savedNanoUsd: number;
  /** Requests that used a cache but whose rates are no longer known; they are in no sum. */
  unknownRequests: number;
  requests: number;
}

/**
 * Tolerance between a group's cost and the cost by its rates: the token counts are means, the rates exact.
 */
const SAME_RATES = 0.01;

export function cacheReport(groups: readonly CacheGroup[], prices: PriceTable): CacheReport {
  const report: CacheReport = { savedNanoUsd: 0, unknownRequests: 0, requests: 0 };
  for (const group of groups) {
    report.requests += group.requests;
    const saved = group.uncountable > 0 ? null : savedBy(group, prices);
    if (saved === null) report.unknownRequests += group.requests;
    else report.savedNanoUsd += saved;
  }
  report.savedNanoUsd = Math.round(report.savedNanoUsd);
  return report;
}

/** Computed for the mean request and multiplied: all requests have the same rates, so cost is linear. */
function savedBy(group: CacheGroup, prices: PriceTable): number | null {
  const draft = averageRequest(group);
  const { costNanoUsd } = priceRecord(draft, prices);
  if (costNanoUsd === null) return null;
  const total = costNanoUsd * group.requests;
  const distance = Math.abs(total - group.costNanoUsd);
  if (distance > SAME_RATES * Math.max(total, group.costNanoUsd)) return null;
  const saved = cacheSavings(draft, costNanoUsd, prices);
  return saved === null ? null : saved * group.requests;
}

function averageRequest(group: CacheGroup): UnpricedRecord {
  const { serviceTier, speed, inferenceGeo } = group;
  const mean = (sum: number): number => Math.round(sum / group.requests);
  return {
    id: '',
    messageId: null,
    requestId: null,
    client: '',
    source: 'import',
    occurredAtMs: group.occurredAtMs,
    describedAtMs: group.occurredAtMs,
    modelRaw: group.modelRaw,
    modifiers: { serviceTier, speed, inferenceGeo },
    iterations: [],
    refusedAttempt: null,
    usage: {
      inputTokens: mean(group.inputTokens),
      outputTokens: mean(group.outputTokens),
      cacheReadTokens: mean(group.cacheReadTokens),
      cacheWrite5mTokens: mean(group.cacheWrite5mTokens),
      cacheWrite1hTokens: mean(group.cacheWrite1hTokens),
      webSearchRequests: mean(group.webSearchRequests),
    },
    isOutputFinal: true,
    sideKind: null,
    toolName: null,
    toolAtMs: null,
    chargedNanoUsd: null,
    marks: null,
    claim: {
      sessionId: '',
      isExplicit: true,
      isCopied: false,
      isInMainFile: true,
      isMainThread: true,
      agentId: null,
      agentType: null,
      promptId: null,
      ...NO_LINE_FACTS,
    },
  };
}
