import { type AlertLevel, type Thresholds, levelReached } from './alert.ts';

/** The subjects that are compared with their own history. */
export const ANOMALY_SUBJECTS = ['day', 'session', 'request'] as const;
export type AnomalySubject = (typeof ANOMALY_SUBJECTS)[number];

/** How one of them is judged; docs/anomaly-scoring.md has the measurements behind the numbers. */
interface Rule {
  /** With a shorter history nothing is judged. */
  leastCount: number;
  /** Smaller amounts are not worth an alert. */
  leastNanoUsd: number;
  /** The share of the history that counts as rare: costs have longer tails than any model distribution. */
  tailShare: number;
  /** By how much an amount must exceed the lowest of these rare costs. */
  timesTail: number;
}

const USD = 1_000_000_000;
/** How many earlier subjects form the history. */
export const HISTORY: Record<AnomalySubject, number> = { day: 60, session: 300, request: 1000 };

const RULES: Record<AnomalySubject, Rule> = {
  day: { leastCount: 10, leastNanoUsd: USD, tailShare: 0.04, timesTail: 1.25 },
  session: { leastCount: 20, leastNanoUsd: USD, tailShare: 0.01, timesTail: 2 },
  request: { leastCount: 100, leastNanoUsd: USD / 4, tailShare: 0.002, timesTail: 3 },
};

/** Very regular habits would turn anything into an anomaly, so a factor of 1.35 is always one step. */
const MIN_SPREAD = 0.3;
/** Scales the median absolute deviation to the standard deviation, for normally distributed logarithms. */
const NORMAL = 1.4826;

/** The statistics of a history that judging needs. */
export interface Baseline {
  count: number;
  /** The median. */
  usualNanoUsd: number;
  /** Deviation of the logarithms. */
  spread: number;
  /** The lowest of the rare costs. */
  tailNanoUsd: number;
}

/** @param costs nano-USD, including the one to judge; free ones are left out */
export function computeBaseline(
  subject: AnomalySubject,
  costs: readonly number[],
): Baseline | null {
  const sorted = costs.filter((cost) => cost > 0).sort((a, b) => a - b);
  const usualNanoUsd = computeMedian(sorted);
  if (usualNanoUsd === null) return null;
  const usual = Math.log(usualNanoUsd);
  const deviations = sorted.map((cost) => Math.abs(Math.log(cost) - usual)).sort((a, b) => a - b);
  return {
    count: sorted.length,
    usualNanoUsd,
    spread: Math.max(MIN_SPREAD, NORMAL * (computeMedian(deviations) ?? 0)),
    // The rare costs among the others: an outlier that is to be judged is the last one.
    tailNanoUsd: sorted[Math.floor((sorted.length - 1) * (1 - RULES[subject].tailShare))] ?? 0,
  };
}

export interface Judgement {
  level: AlertLevel;
  /** Robust number of standard deviations above the median, computed on logarithms. */
  score: number;
}

/** How far a cost is above its history, if it is far above; null if not. */
export function judge(
  subject: AnomalySubject,
  costNanoUsd: number,
  baseline: Baseline,
  thresholds: Thresholds,
): Judgement | null {
  const { leastCount, leastNanoUsd, timesTail } = RULES[subject];
  if (baseline.count <= leastCount || costNanoUsd < leastNanoUsd) return null;
  if (costNanoUsd < baseline.tailNanoUsd * timesTail) return null;
  const score = Math.log(costNanoUsd / baseline.usualNanoUsd) / baseline.spread;
  const level = levelReached(score, thresholds);
  return level === null ? null : { level, score };
}

function computeMedian(sorted: readonly number[]): number | null {
  const middle = sorted.length >> 1;
  const upper = sorted[middle];
  if (upper === undefined) return null;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? upper)) / 2;
}
