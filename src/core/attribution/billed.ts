import { type CostParts, splitUsualCost } from '../usage/usual-cost.ts';
import type { Usage } from '../usage/usage.ts';

/** What a request's record tells attribution: its counts, and what each kind of them cost. */
export interface BilledRequest extends Usage {
  /** Null where nothing prices it: it has no shares, and is context all the same. */
  costNanoUsd: number | null;
  /** Null in rows that were written before parts were kept. */
  parts: CostParts | null;
  model: string;
  /** Its own session, which in a fork's file may be the parent's. */
  sessionId: string;
  occurredAtMs: number;
}

/** The parts as they are kept, or, where they are not or not of this cost, the usual ones. */
export function partsOfCost(request: BilledRequest): CostParts {
  const { costNanoUsd, parts } = request;
  const cost = costNanoUsd ?? 0;
  return parts !== null && sumCostParts(parts) === cost ? parts : splitUsualCost(cost, request);
}

function sumCostParts(parts: CostParts): number {
  return (
    parts.inputCostNanoUsd +
    parts.outputCostNanoUsd +
    parts.cacheReadCostNanoUsd +
    parts.cacheWriteCostNanoUsd +
    parts.webSearchCostNanoUsd
  );
}
