import { type AlertLevel, type Thresholds, levelReached } from './alert.ts';

/** What is compared with its own history. */
export const ANOMALY_SUBJECTS = ['day', 'session', 'request'] as const;
export type AnomalySubject = (typeof ANOMALY_SUBJECTS)[number];

/** How one of them is judged; docs/anomaly-scoring.md has the measurements behind the numbers. */
interface Rule {
  /** Less history than this tells nothing. */
  leastCount: number;
  /** What is smaller is not worth anybody's time. */
  leastNanoUsd: number;
  /** The share of its history that is rare: costs have longer tails than any curve. */
  tailShare: number;
  /** How many times the least of these it has to be. */
  timesTail: number;
}

const USD = 1_000_000_000;
/** How many of each are its history. */
export const HISTORY: Record<AnomalySubject, number> = { day: 60, session: 300, request: 1000 };

const RULES: Record<AnomalySubject, Rule> = {
  day: { leastCount: 10, leastNanoUsd: USD, tailShare: 0.04, timesTail: 1.25 },
  session: { leastCount: 20, leastNanoUsd: USD, tailShare: 0.01, timesTail: 2 },
  request: { leastCount: 100, leastNanoUsd: USD / 4, tailShare: 0.002, timesTail: 3 },
};

/** Habits as regular as a clock would make anything an anomaly: a factor of 1.35 is always one step. */
const MIN_SPREAD = 0.3;
/** Makes the median deviation the standard deviation, where logarithms are normal. */
const NORMAL = 1.4826;

/** A history, as far as it judges. */
export interface Baseline {
  count: number;
  /** The median. */
  usualNanoUsd: number;
  /** Of the logarithms. */
  spread: number;
  /** What is rare begins here. */
  tailNanoUsd: number;
}

/** @param costs nano-USD, with the one that is to be judged; what was free tells nothing */
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
    // Of the others: what is judged stands at the end, where it is far off.
    tailNanoUsd: sorted[Math.floor((sorted.length - 1) * (1 - RULES[subject].tailShare))] ?? 0,
  };
}

export interface Judgement {
  level: AlertLevel;
  /** Standard deviations above the median, on logarithms, robustly. */
  score: number;
}

/** Whether a cost is far above its history, and how far; null for what is not. */
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
