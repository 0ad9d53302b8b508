import { classifyQuerySource } from '../../agents/claude-code/query-sources.ts';
import type { CauseName } from '../../core/client/coverage-causes.ts';
import type { ClientRequest } from '../../core/client/request.ts';

/** One cause, and how much of the difference is known to come from it. */
export interface CoverageCause {
  cause: CauseName;
  /** Number of requests, searches or hooks. */
  count: number;
  /** Signed, exact; null if only the cause is known and not its amount. */
  costNanoUsd: bigint | null;
  /** What the request was for, according to the client. */
  querySource: string | null;
  /** The vendor's ids, where known. */
  requestIds: string[];
}

/** @returns null for a turn, which a transcript should show */
export function classifyAuxiliaryRequest({ querySource }: ClientRequest): CauseName | null {
  return querySource === null ? 'other-request' : classifyQuerySource(querySource);
}

/** Adds up causes of the same name, those with an amount separately from those without. */
export function addUpCauses(causes: Iterable<CoverageCause>): CoverageCause[] {
  const sums = new Map<string, CoverageCause>();
  for (const cause of causes) {
    const key = `${cause.cause} ${cause.costNanoUsd === null} ${cause.querySource}`;
    const sum = sums.get(key);
    if (sum === undefined) {
      sums.set(key, { ...cause, requestIds: [...cause.requestIds] });
      continue;
    }
    sum.count += cause.count;
    if (cause.costNanoUsd !== null) sum.costNanoUsd = (sum.costNanoUsd ?? 0n) + cause.costNanoUsd;
    sum.requestIds.push(...cause.requestIds);
  }
  return [...sums.values()].sort(byAmount);
}

/** Largest amounts first, regardless of sign; then causes without an amount. */
function byAmount(a: CoverageCause, b: CoverageCause): number {
  const [sizeA, sizeB] = [absoluteCost(a), absoluteCost(b)];
  if (sizeA !== sizeB) return sizeA > sizeB ? -1 : 1;
  return b.count - a.count || (a.cause < b.cause ? -1 : 1);
}

function absoluteCost({ costNanoUsd }: CoverageCause): bigint {
  if (costNanoUsd === null) return -1n;
  return costNanoUsd < 0n ? -costNanoUsd : costNanoUsd;
}
