import type { CostParts } from '../cost-parts.ts';
import { splitInProportion } from './split.ts';

/** What a request's record tells attribution: its counts, and what each kind of them cost. */
export interface BilledRequest {
  inputTokens: number;
  outputTokens: number;
  cacheReadTokens: number;
  cacheWrite5mTokens: number;
  cacheWrite1hTokens: number;
  /** Null where nothing prices it: it has no shares, and is context all the same. */
  costNanoUsd: number | null;
  /** Null in rows that were written before parts were kept. */
  parts: CostParts | null;
  model: string;
  /** Its own session, which in a fork's file may be the parent's. */
  sessionId: string;
  occurredAtMs: number;
}

/** What kinds of Claude's tokens cost beside each other: input, output, cache read, cache write. */
const USUAL_RATES = [20, 100, 2, 25] as const;

/** The parts as they are kept, or, where they are not, as Claude's kinds of tokens cost beside each other. */
export function partsOfCost(request: BilledRequest): CostParts {
  const { costNanoUsd, parts } = request;
  const cost = costNanoUsd ?? 0;
  if (parts !== null && sumOf(parts) === cost) return parts;
  const counts = [
    request.inputTokens,
    request.outputTokens,
    request.cacheReadTokens,
    request.cacheWrite5mTokens + request.cacheWrite1hTokens,
  ];
  const weights = counts.map((count, index) => count * (USUAL_RATES[index] ?? 0));
  const [input = 0, output = 0, cacheRead = 0, cacheWrite = 0] = splitInProportion(
    cost,
    weights,
  ) ?? [cost];
  return {
    inputCostNanoUsd: input,
    outputCostNanoUsd: output,
    cacheReadCostNanoUsd: cacheRead,
    cacheWriteCostNanoUsd: cacheWrite,
    webSearchCostNanoUsd: 0,
  };
}

function sumOf(parts: CostParts): number {
  return (
    parts.inputCostNanoUsd +
    parts.outputCostNanoUsd +
    parts.cacheReadCostNanoUsd +
    parts.cacheWriteCostNanoUsd +
    parts.webSearchCostNanoUsd
  );
}
