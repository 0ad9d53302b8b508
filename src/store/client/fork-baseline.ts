import type { Spend } from '../../core/budget/spend.ts';

/** What a client wrote of a session's counter: by then, over all its runs. */
export interface CostState {
  /** When the counter began; a fork's goes on from its parent's. */
  startedAtMs: number;
  /** How long all runs took together: pauses between them do not count. */
  elapsedMs: number;
  /** Time of the last line before it. */
  reportedAtMs: number;
  models: Map<string, Spend>;
  costNanoUsd: bigint;
}

/** What tells when a fork was made. */
export interface ForkTimes {
  /** The last that was copied: it was made later. */
  copiedAtMs: number;
  /** Its first line where that is its own: it was made just before. Null where that is a copy. */
  bornAtMs: number | null;
  /** Its first request: it was made earlier. */
  firstAtMs: number | null;
}

/** A cost-state is written so much later than the line before it. */
const WRITTEN_LATER_MS = 100;
/** What was copied so shortly before a cost-state was copied with all that the state counts. */
const SAME_TURN_MS = 1000;

/**
 * The parent's cost-state that a fork's counter went on from. In a terminal no line says when a client
 * started with a fork: a person may type long after, while the parent goes on. But the fork's first
 * cost-state tells how long its run took beyond the parent's, and so when it started if it went on from
 * this state or that: the first that was the latest at that very time is the one.
 * @param states the parent's, in the order in which they were said
 * @param first the fork's first
 * @returns null where its counter is its own
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
  const found = candidates.find(({ reportedAtMs, elapsedMs }, index) => {
    const nextMs = candidates[index + 1]?.reportedAtMs ?? Number.POSITIVE_INFINITY;
    if (copiedAtMs > reportedAtMs && nextMs - copiedAtMs <= SAME_TURN_MS) return false;
    const startMs = first.reportedAtMs - (first.elapsedMs - elapsedMs);
    return startMs + WRITTEN_LATER_MS >= Math.max(reportedAtMs, copiedAtMs) && startMs < nextMs;
  });
  return found ?? last;
}
