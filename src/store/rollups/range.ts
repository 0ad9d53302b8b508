import { DAY_MS, QUARTER_HOUR_MS } from '../../core/time/units.ts';

/** Buckets of one grain whose starts are in a half-open range. */
export interface RollupRange {
  grain: 'quarter' | 'day' | 'month';
  fromMs: number;
  beforeMs: number;
}

const EARLIEST_MS = 0;
/** The year 10000: after every record. */
const LATEST_MS = 253_402_300_800_000;

/** A time range, split into buckets and the edges that have to be read from rows. */
export interface CoveredRange {
  buckets: RollupRange[];
  /** Half-open; at most one at each end. */
  edges: { sinceMs: number; untilMs: number }[];
}

/**
 * The fewest buckets that make up a time range: whole months and days, and quarters at the edges.
 * @param largest the largest bucket to use, so that smaller units can be told apart
 * @param smallest the smallest available bucket; the rest at the ends becomes edges
 */
export function coverRange(
  sinceMs: number | null,
  untilMs: number | null,
  largest: RollupRange['grain'],
  smallest: 'quarter' | 'day',
): CoveredRange {
  const since = Math.max(sinceMs ?? EARLIEST_MS, EARLIEST_MS);
  const until = Math.min(untilMs ?? LATEST_MS, LATEST_MS);
  if (since >= until) return { buckets: [], edges: [] };
  const step = smallest === 'quarter' ? QUARTER_HOUR_MS : DAY_MS;
  const from = Math.ceil(since / step) * step;
  const before = until - (until % step);
  if (from >= before) return { buckets: [], edges: [{ sinceMs: since, untilMs: until }] };
  const edges = [
    { sinceMs: since, untilMs: from },
    { sinceMs: before, untilMs: until },
  ];
  return {
    buckets: wholeBuckets(from, before, largest).filter((range) => range.fromMs < range.beforeMs),
    edges: edges.filter((edge) => edge.sinceMs < edge.untilMs),
  };
}

function wholeBuckets(from: number, before: number, largest: RollupRange['grain']): RollupRange[] {
  const days = { from: ceilDay(from), before: floorDay(before) };
  if (largest === 'quarter' || days.from >= days.before) {
    return [{ grain: 'quarter', fromMs: from, beforeMs: before }];
  }
  const months = { from: ceilMonth(days.from), before: floorMonth(days.before) };
  const hasMonths = largest === 'month' && months.from < months.before;
  const ranges: RollupRange[] = [
    { grain: 'quarter', fromMs: from, beforeMs: days.from },
    { grain: 'quarter', fromMs: days.before, beforeMs: before },
    { grain: 'day', fromMs: days.from, beforeMs: hasMonths ? months.from : days.before },
  ];
  if (hasMonths) {
    ranges.push({ grain: 'month', fromMs: months.from, beforeMs: months.before });
    ranges.push({ grain: 'day', fromMs: months.before, beforeMs: days.before });
  }
  return ranges;
}

function floorDay(ms: number): number {
  return ms - (ms % DAY_MS);
}

function ceilDay(ms: number): number {
  return floorDay(ms + DAY_MS - 1);
}

function floorMonth(ms: number): number {
  const date = new Date(ms);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth());
}

function ceilMonth(ms: number): number {
  const start = floorMonth(ms);
  if (start === ms) return ms;
  const date = new Date(ms);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1);
}
