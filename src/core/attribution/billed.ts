import { type CostParts, splitUsualCost } from '../usage/usual-cost.ts';
import type { Usage } from '../usage/usage.ts';

/** What attribution needs from the record of a request: its token counts and the cost of each kind. */
export interface BilledRequest extends Usage {
  /** Null if no price is known: the request then has no shares, but it is still part of the context. */
  costNanoUsd: number | null;
  /** Null in rows written before these parts were stored. */
  parts: CostParts | null;
  model: string;
  /** The request's own session, which in the file of a fork may be the parent's. */
  sessionId: string;
  occurredAtMs: number;
}

/** The stored parts; if there are none or they do not sum to the cost, the usual proportions. */
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
