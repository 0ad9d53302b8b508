import type { Spend } from '../../core/budget/spend.ts';

/** A cost-state: what a client wrote about the counter of a session, over all its runs until then. */
export interface CostState {
  /** When the counter started; a fork continues its parent's counter. */
  startedAtMs: number;
  /** Total duration of all runs, without the pauses between them. */
  elapsedMs: number;
  /** Time of the last line before it. */
  reportedAtMs: number;
  models: Map<string, Spend>;
  costNanoUsd: bigint;
}

/** Times that limit when a fork was made. */
export interface ForkTimes {
  /** The last line that was copied: the fork was made later. */
  copiedAtMs: number;
  /** The fork's first line if it is its own: it was made just before. Null if that line is a copy. */
  bornAtMs: number | null;
  /** The fork's first request: it was made earlier. */
  firstAtMs: number | null;
}

/** A cost-state is written at most this long after the line before it. */
const WRITTEN_LATER_MS = 100;
/** If lines were copied at most this long before a cost-state, all that it counts was copied as well. */
const SAME_TURN_MS = 1000;

/**
 * Finds the parent's cost-state that a fork's counter continued from. In a terminal no line states when
 * the client started with a fork: a person may type long after, while the parent continues. But the
 * fork's first cost-state states how long its run took beyond the parent's, and therefore when it
 * started if it continued from a given state: the result is the first state that was the latest one at
 * that time.
 * @param states the parent's, in the order in which they were reported
 * @param first the fork's first
 * @returns null if the fork has its own counter
 */
export function forkBaseline(
  states: readonly CostState[],
  first: CostState,
  { copiedAtMs, bornAtMs, firstAtMs }: ForkTimes,
): CostState | null {
  const latestMs = bornAtMs ?? firstAtMs ?? Number.POSITIVE_INFINITY;
  const candidates = states.filter(
    ({ startedAtMs, reportedAtMs }) =>
      startedAtMs === first.startedAtMs && reportedAtMs <= latestMs,
  );
  const last = candidates.at(-1) ?? null;
  if (bornAtMs !== null) return last;
  const match = candidates.find(({ reportedAtMs, elapsedMs }, index) => {
    const nextMs = candidates[index + 1]?.reportedAtMs ?? Number.POSITIVE_INFINITY;
    if (copiedAtMs > reportedAtMs && nextMs - copiedAtMs <= SAME_TURN_MS) return false;
    const startMs = first.reportedAtMs - (first.elapsedMs - elapsedMs);
    return startMs + WRITTEN_LATER_MS >= Math.max(reportedAtMs, copiedAtMs) && startMs < nextMs;
  });
  return match ?? last;
}

/**
 * Finds the cost-state that a session's counter continued from when it began inside a running client: the last
 * one that the client wrote for another session.
 * @param states those of the other sessions, in the order in which they were reported
 * @param first the session's first of this counter
 * @returns null if the session has its own counter, also one that was set back to zero
 */
export function sharedBaseline(states: readonly CostState[], first: CostState): CostState | null {
  const base = states.findLast(
    ({ startedAtMs, reportedAtMs }) =>
      startedAtMs === first.startedAtMs && reportedAtMs < first.reportedAtMs,
  );
  if (base === undefined || base.elapsedMs > first.elapsedMs) return null;
  return base.costNanoUsd > first.costNanoUsd ? null : base;
}
