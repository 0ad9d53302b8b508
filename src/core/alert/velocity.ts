import { HOUR_MS } from '../time/units.ts';

/** Cost and time of a request. */
export interface TimedCost {
  atMs: number;
  costNanoUsd: number;
}

/** A period in which the spend of an hour exceeded a limit. */
export interface FastStretch {
  /** The request that reached the limit. */
  sinceMs: number;
  untilMs: number;
  /** The most expensive hour of the period, and when it ended. */
  peakNanoUsd: number;
  peakAtMs: number;
}

/**
 * The periods in which the hour before a request cost at least the limit. Periods less than an hour apart
 * are merged.
 * @param costs in chronological order
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
