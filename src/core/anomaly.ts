import { type AlertLevel, type Thresholds, levelReached } from './alert.ts';

/** What is compared with its own history. */
export const ANOMALY_SUBJECTS = ['day', 'session', 'request'] as const;
export type AnomalySubject = (typeof ANOMALY_SUBJECTS)[number];

/** How one of them is judged; docs/alerts.md has the measurements behind the numbers. */
interface Rule {
  /** Less history than this tells nothing. */
  leastCount: number;
  /** What is smaller is not worth anybody's time. */
  leastNanoUsd: number;
  /** Added to every threshold: of more candidates more are far off by chance. */
  extraScore: number;
  /** How often it has to be the largest of all others: costs have longer tails than any curve. */
  timesLargest: number;
}

const USD = 1_000_000_000;
/** How many of each are its history. */
export const HISTORY: Record<AnomalySubject, number> = { day: 60, session: 300, request: 1000 };

const RULES: Record<AnomalySubject, Rule> = {
  day: { leastCount: 10, leastNanoUsd: USD, extraScore: 0, timesLargest: 1.25 },
  session: { leastCount: 20, leastNanoUsd: USD, extraScore: 0, timesLargest: 1.5 },
  request: { leastCount: 100, leastNanoUsd: USD / 4, extraScore: 1, timesLargest: 2 },
};

/** Habits as regular as a clock would make anything an anomaly: a factor of 1.35 is always one step. */
const LEAST_SPREAD = 0.3;
/** Makes the median deviation the standard deviation, where logarithms are normal. */
const NORMAL = 1.4826;

/** A history, as far as it judges. */
export interface Baseline {
  count: number;
  /** The median. */
  usualNanoUsd: number;
  /** Of the logarithms. */
  spread: number;
  largestNanoUsd: number;
  secondNanoUsd: number;
}

/** @param costs nano-USD; what was free tells nothing. They may have in them what is to be judged */
export function baselineOf(costs: readonly number[]): Baseline | null {
  const sorted = costs.filter((cost) => cost > 0).sort((a, b) => a - b);
  const usualNanoUsd = medianOf(sorted);
  if (usualNanoUsd === null) return null;
  const usual = Math.log(usualNanoUsd);
  const deviations = sorted.map((cost) => Math.abs(Math.log(cost) - usual)).sort((a, b) => a - b);
  return {
    count: sorted.length,
    usualNanoUsd,
    spread: Math.max(LEAST_SPREAD, NORMAL * (medianOf(deviations) ?? 0)),
    largestNanoUsd: sorted.at(-1) ?? 0,
    secondNanoUsd: sorted.at(-2) ?? 0,
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
  const { leastCount, leastNanoUsd, extraScore, timesLargest } = RULES[subject];
  if (baseline.count < leastCount || costNanoUsd < leastNanoUsd) return null;
  const isLargest = costNanoUsd >= baseline.largestNanoUsd;
  const others = isLargest ? baseline.secondNanoUsd : baseline.largestNanoUsd;
  if (costNanoUsd < others * timesLargest) return null;
  const score = Math.log(costNanoUsd / baseline.usualNanoUsd) / baseline.spread;
  const level = levelReached(score - extraScore, thresholds);
  return level === null ? null : { level, score };
}

function medianOf(sorted: readonly number[]): number | null {
  const middle = sorted.length >> 1;
  const upper = sorted[middle];
  if (upper === undefined) return null;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? upper)) / 2;
}
