import { NO_USAGE } from '../../src/core/usage/usage.ts';
import type { BilledRequest } from '../../src/core/attribution/billed.ts';

/** The prices of claude-opus-4-8 in nano-USD per token. */
export const RATE = { input: 5000, output: 25_000, read: 500, write5m: 6250, write1h: 10_000 };

/** A request as its record describes it, by default at that model's prices. */
export function billed(over: Partial<BilledRequest>): BilledRequest {
  const counts = {
    ...NO_USAGE,
    ...over,
  };
  const parts = {
    inputCostNanoUsd: counts.inputTokens * RATE.input,
    outputCostNanoUsd: counts.outputTokens * RATE.output,
    cacheReadCostNanoUsd: counts.cacheReadTokens * RATE.read,
    cacheWriteCostNanoUsd:
      counts.cacheWrite5mTokens * RATE.write5m + counts.cacheWrite1hTokens * RATE.write1h,
    webSearchCostNanoUsd: 0,
  };
  return {
    ...counts,
    costNanoUsd: Object.values(parts).reduce((sum, cost) => sum + cost, 0),
    parts,
    model: 'claude-opus-4-8',
    sessionId: 's',
    occurredAtMs: Date.UTC(2026, 10, 20, 12),
    ...over,
  };
}
