import type { Ledger } from '../connection/open.ts';
import type { RollupPlan } from '../rollups/plan.ts';
import type { RollupRange } from '../rollups/range.ts';
import { foreignQuarterQuery, rollupQuery, utcDayQuery } from './row-query.ts';
import { MEASURES } from '../rollups/measures.ts';
import { RowMerger, type SqlRow, readRows } from './summed-row.ts';
import type { LocalUnits } from './time-grouping.ts';

/**
 * Sums by local days that differ from UTC days: sums by UTC day, with the quarters that belong to the
 * day before or after moved. So a year takes a few thousand buckets instead of 35,000.
 */
export function localDaySums(
  db: Ledger,
  plan: RollupPlan,
  buckets: RollupRange[],
  units: LocalUnits,
): SqlRow[] {
  const days = buckets.filter(({ grain }) => grain === 'day');
  const quarters = buckets.filter(({ grain }) => grain === 'quarter');
  const shape = { keys: plan.keys.length, units: 1 };
  const merger = new RowMerger(shape);
  if (days.length > 0) {
    merger.add(readRows(db, utcDayQuery(plan, days, units), plan.values));
    const windows = days.flatMap(({ fromMs, beforeMs }) => units.foreignQuarters(fromMs, beforeMs));
    const sql = foreignQuarterQuery(plan, units);
    const moved = readRows(db, sql, [JSON.stringify(windows), ...plan.values]);
    const [local, utc] = [shape.keys, shape.keys + 1];
    merger.add(moved.map((row) => row.toSpliced(utc, 1)));
    merger.add(moved.map((row) => negative(row.toSpliced(local, 1), shape.keys + 2)));
  }
  if (quarters.length > 0)
    merger.add(readRows(db, rollupQuery(plan, quarters, units), plan.values));
  const requests = shape.keys + 2;
  return merger
    .rows()
    .filter((row) => Number(row[requests]) > 0)
    .map((row) => row.with(shape.keys + 1, units.timeIn(Number(row[shape.keys]))));
}

function negative(row: SqlRow, firstMeasure: number): SqlRow {
  const last = firstMeasure + MEASURES.length;
  return row.map((value, index) => {
    if (index < firstMeasure || index >= last) return value;
    return typeof value === 'bigint' ? -value : -Number(value);
  });
}
