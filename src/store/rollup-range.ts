import { QUARTER_HOUR_MS } from './rollup.ts';

/** Buckets of one grain that lie in a half-open range of their starts. */
export interface RollupRange {
  grain: 'quarter' | 'day' | 'month';
  fromMs: number;
  beforeMs: number;
}

const DAY_MS = 86_400_000;
const EARLIEST_MS = 0;
/** The year 10000: after every record. */
const LATEST_MS = 253_402_300_800_000;

/**
 * The fewest buckets that make up a range of time: whole months, whole days, edge quarters.
 * @param byQuarter every bucket is a quarter of an hour
 * @returns null where an end lies inside a quarter: then rows have to be read
 */
export function coverRange(
  sinceMs: number | null,
  untilMs: number | null,
  byQuarter: boolean,
): RollupRange[] | null {
  const from = Math.max(sinceMs ?? EARLIEST_MS, EARLIEST_MS);
  const before = Math.min(untilMs ?? LATEST_MS, LATEST_MS);
  if (from % QUARTER_HOUR_MS !== 0 || before % QUARTER_HOUR_MS !== 0) return null;
  if (from >= before) return [];
  if (byQuarter) return [{ grain: 'quarter', fromMs: from, beforeMs: before }];
  const days = { from: ceilDay(from), before: floorDay(before) };
  if (days.from >= days.before) return [{ grain: 'quarter', fromMs: from, beforeMs: before }];
  const months = { from: ceilMonth(days.from), before: floorMonth(days.before) };
  const hasMonths = months.from < months.before;
  const ranges: RollupRange[] = [
    { grain: 'quarter', fromMs: from, beforeMs: days.from },
    { grain: 'quarter', fromMs: days.before, beforeMs: before },
    { grain: 'day', fromMs: days.from, beforeMs: hasMonths ? months.from : days.before },
  ];
  if (hasMonths) {
    ranges.push({ grain: 'month', fromMs: months.from, beforeMs: months.before });
    ranges.push({ grain: 'day', fromMs: months.before, beforeMs: days.before });
  }
  return ranges.filter((range) => range.fromMs < range.beforeMs);
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
