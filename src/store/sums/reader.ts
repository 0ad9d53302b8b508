import type { Ledger } from '../connection/open.ts';
import type { RecordDimension } from '../records/dimensions.ts';
import { NO_FILTER, type RecordFilter, buildConditions } from '../records/filter.ts';
import { localDaySums } from './local-days.ts';
import { planRollup } from '../rollups/plan.ts';
import { coverRange } from '../rollups/range.ts';
import { rollupQuery, rowQuery } from './row-query.ts';
import { type OnProgress, scanRows } from './scan.ts';
import { sessionSums } from './sessions.ts';
import {
  RowMerger,
  type RowShape,
  type SqlRow,
  type SummedRow,
  readRows,
  summedRow,
} from './summed-row.ts';
import { LocalUnits, type TimeGrouping } from './time-grouping.ts';

/** A range with more rows than this is read like the complete table: in order and with threads. */
const MANY_ROWS = 300_000;

/** Sums records: from roll-ups if they can answer the query, else from rows. */
export class SumReader {
  readonly #db: Ledger;
  readonly #onProgress: OnProgress;

  constructor(db: Ledger, onProgress: OnProgress) {
    this.#db = db;
    this.#onProgress = onProgress;
  }

  async sums(
    filter: RecordFilter,
    by: readonly RecordDimension[],
    time: TimeGrouping | null,
  ): Promise<SummedRow[]> {
    const bySession = time === null ? sessionSums(this.#db, filter, by) : null;
    if (bySession !== null) return bySession;
    const units = time === null ? null : new LocalUnits(this.#db, time);
    const rows =
      this.#fromRollups(filter, by, units) ?? (await this.#fromAllRows(filter, by, units));
    return rows.map((row) => summedRow(row, by, toRowShape(by, units)));
  }

  /** The same computed from the rows only; roll-ups are verified against it. */
  rowSums(
    filter: RecordFilter,
    by: readonly RecordDimension[],
    time: TimeGrouping | null,
  ): SummedRow[] {
    const units = time === null ? null : new LocalUnits(this.#db, time);
    return this.#fromRows(filter, by, units).map((row) =>
      summedRow(row, by, toRowShape(by, units)),
    );
  }

  /**
   * Edges that cover part of a bucket are read from rows. @returns null if roll-ups can't answer the
   * query
   */
  #fromRollups(
    filter: RecordFilter,
    by: readonly RecordDimension[],
    units: LocalUnits | null,
  ): SqlRow[] | null {
    const plan = planRollup(filter, by);
    if (plan === null) return null;
    const hasDays = units === null || units.areUtcDays;
    if (plan.finest === 'day' && !hasDays) return null;
    const isByDay = plan.finest === 'day' || units?.areDays === true;
    const largest = isByDay ? 'day' : units === null ? 'month' : 'quarter';
    const { buckets, edges } = coverRange(filter.sinceMs, filter.untilMs, largest, plan.finest);
    const covered =
      buckets.length === 0
        ? []
        : units !== null && units.areDays && !units.areUtcDays
          ? localDaySums(this.#db, plan, buckets, units)
          : readRows(this.#db, rollupQuery(plan, buckets, units), plan.values);
    if (edges.length === 0) return covered;
    const merger = new RowMerger(toRowShape(by, units));
    merger.add(covered);
    for (const edge of edges) merger.add(this.#fromRows({ ...filter, ...edge }, by, units));
    return merger.rows();
  }

  async #fromAllRows(
    filter: RecordFilter,
    by: readonly RecordDimension[],
    units: LocalUnits | null,
  ): Promise<SqlRow[]> {
    const { sinceMs, untilMs, sessionId } = filter;
    if (sessionId !== null) return this.#fromRows(filter, by, units);
    if (sinceMs !== null || untilMs !== null) {
      const range = this.#fromRollups({ ...NO_FILTER, sinceMs, untilMs }, [], null);
      const count = Number(range?.[0]?.[0] ?? 0);
      if (count < MANY_ROWS) return this.#fromRows(filter, by, units);
    }
    const { conditions, values } = buildConditions(filter);
    // The `+` keeps SQLite from using the index of times, which is slower for most of the table.
    const inOrder = conditions.map((condition) => condition.replace('r.occ', '+r.occ'));
    const sql = rowQuery(by, units, [...inOrder, 'r.seq > ? AND r.seq <= ?']);
    return scanRows(this.#db, sql, values, toRowShape(by, units), this.#onProgress);
  }

  #fromRows(
    filter: RecordFilter,
    by: readonly RecordDimension[],
    units: LocalUnits | null,
  ): SqlRow[] {
    const { conditions, values } = buildConditions(filter);
    return readRows(this.#db, rowQuery(by, units, conditions), values);
  }
}

function toRowShape(by: readonly RecordDimension[], units: LocalUnits | null): RowShape {
  return { keys: by.length, units: units?.columns ?? 0 };
}
