import { HOUR_MS } from '../time/units.ts';

/** A request's cost and its time. */
export interface TimedCost {
  atMs: number;
  costNanoUsd: number;
}

/** A time in which more was spent within an hour than a limit. */
export interface FastStretch {
  /** The request that reached the limit. */
  sinceMs: number;
  untilMs: number;
  /** The most expensive hour of it, and when that ended. */
  peakNanoUsd: number;
  peakAtMs: number;
}

/**
 * The stretches in which the hour before a request cost at least so much. What is less than an hour
 * apart is one.
 * @param costs in the order of time
 */
export function stretchesAbove(limitNanoUsd: number, costs: readonly TimedCost[]): FastStretch[] {
  const stretches: FastStretch[] = [];
  let first = 0;
  let sum = 0;
  for (const { atMs, costNanoUsd } of costs) {
    sum += costNanoUsd;
    for (let oldest = costs[first]; oldest !== undefined; oldest = costs[++first]) {
      if (oldest.atMs > atMs - HOUR_MS) break;
      sum -= oldest.costNanoUsd;
    }
    if (sum < limitNanoUsd) continue;
    const open = stretches.at(-1);
    if (open === undefined || atMs > open.untilMs + HOUR_MS) {
      stretches.push({ sinceMs: atMs, untilMs: atMs, peakNanoUsd: sum, peakAtMs: atMs });
      continue;
    }
    open.untilMs = atMs;
    if (sum > open.peakNanoUsd) Object.assign(open, { peakNanoUsd: sum, peakAtMs: atMs });
  }
  return stretches;
}
