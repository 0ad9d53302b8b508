import { ADDED_SUMS, recordSums } from './measures.ts';
import type { Ledger } from './open.ts';
import { EXPRESSIONS, type RecordDimension } from './record-dimensions.ts';
import { type RecordFilter, conditionsOf } from './record-filter.ts';
import { type RollupPlan, planRollup } from './rollup-plan.ts';
import { type RollupRange, coverRange } from './rollup-range.ts';
import { QUARTER_HOUR_MS } from './rollup.ts';
import { sessionSums } from './session-sums.ts';
import { SumMerger, type SqlRow, type SummedRow, summedRow } from './summed-row.ts';
import { LocalUnits, type TimeGrouping } from './time-grouping.ts';

/** Rows of one query: the work of a fifth of a second, after which progress can be told. */
const CHUNK_ROWS = 200_000;

/** How far a question that reads rows has come. */
export type OnProgress = (doneRows: number, ofRows: number) => void;

/** Adds records up: from the roll-ups where they can tell, from the rows where they can't. */
export class SumReader {
  readonly #db: Ledger;
  readonly #onProgress: OnProgress;

  constructor(db: Ledger, onProgress: OnProgress) {
    this.#db = db;
    this.#onProgress = onProgress;
  }

  sums(
    filter: RecordFilter,
    by: readonly RecordDimension[],
    time: TimeGrouping | null,
  ): SummedRow[] {
    const bySession = time === null ? sessionSums(this.#db, filter, by) : null;
    if (bySession !== null) return bySession;
    const plan = planRollup(filter, by);
    const units = time === null ? null : new LocalUnits(this.#db, time);
    if (plan === null || (plan.finest === 'day' && units?.areUtcDays === false)) {
      return this.#rowSums(filter, by, units);
    }
    const isByDay = plan.finest === 'day' || units?.areUtcDays === true;
    const largest = isByDay ? 'day' : units === null ? 'month' : 'quarter';
    const { buckets, edges } = coverRange(filter.sinceMs, filter.untilMs, largest, plan.finest);
    const whole = this.#rollupSums(plan, buckets, by, units);
    if (edges.length === 0) return whole;
    const merger = new SumMerger(units);
    merger.add(whole);
    for (const edge of edges) merger.add(this.#rowSums({ ...filter, ...edge }, by, units));
    return merger.rows();
  }

  /** The same from the rows alone: what the roll-ups are verified against. */
  rowSums(
    filter: RecordFilter,
    by: readonly RecordDimension[],
    time: TimeGrouping | null,
  ): SummedRow[] {
    return this.#rowSums(filter, by, time === null ? null : new LocalUnits(this.#db, time));
  }

  #rollupSums(
    plan: RollupPlan,
    buckets: RollupRange[],
    by: readonly RecordDimension[],
    units: LocalUnits | null,
  ): SummedRow[] {
    if (buckets.length === 0) return [];
    const columns = plan.keys.map((key, index) => `${key} AS k${index}`);
    if (units !== null) columns.push('min(bucket_ms) AS quarter_ms');
    const groups = [...plan.keys, ...(units?.expressions('bucket_ms') ?? [])];
    const ranges = buckets.map(rangeCondition).join(' OR ');
    const sql = `SELECT ${[...columns, ADDED_SUMS].join(', ')} FROM ${plan.from}
      WHERE ${plan.conditions.join(' AND ')} AND (${ranges})
      ${groups.length > 0 ? `GROUP BY ${groups.join(', ')}` : ''} HAVING sum(requests) > 0`;
    return this.#read(sql, plan.values, by);
  }

  #rowSums(
    filter: RecordFilter,
    by: readonly RecordDimension[],
    units: LocalUnits | null,
  ): SummedRow[] {
    const { conditions, values } = conditionsOf(filter);
    if (filter.sessionId !== null || filter.sinceMs !== null || filter.untilMs !== null) {
      return this.#read(rowQuery(by, units, conditions), values, by);
    }
    const last = this.#db.prepare('SELECT max(seq) FROM cost_records').pluck().get() as number;
    if (last <= CHUNK_ROWS) return this.#read(rowQuery(by, units, conditions), values, by);
    const sql = rowQuery(by, units, [...conditions, 'r.seq > ? AND r.seq <= ?']);
    const merger = new SumMerger(units);
    for (let after = 0; after < last; after += CHUNK_ROWS) {
      merger.add(this.#read(sql, [...values, after, after + CHUNK_ROWS], by));
      this.#onProgress(Math.min(after + CHUNK_ROWS, last), last);
    }
    return merger.rows();
  }

  #read(sql: string, values: unknown[], by: readonly RecordDimension[]): SummedRow[] {
    const rows = this.#db
      .prepare(sql)
      .safeIntegers()
      .all(...values) as SqlRow[];
    return rows.map((row) => summedRow(row, by));
  }
}

function rowQuery(
  by: readonly RecordDimension[],
  units: LocalUnits | null,
  conditions: string[],
): string {
  const keys = by.map((name) => EXPRESSIONS[name]);
  const columns = keys.map((key, index) => `${key} AS k${index}`);
  const quarter = `r.occurred_at_ms - r.occurred_at_ms % ${QUARTER_HOUR_MS}`;
  if (units !== null) columns.push(`min(${quarter}) AS quarter_ms`);
  const groups = [
    ...by.map((_, index) => `k${index}`),
    ...(units?.expressions('r.occurred_at_ms') ?? []),
  ];
  return `SELECT ${[...columns, recordSums('r')].join(', ')}
    FROM cost_records r LEFT JOIN projects p ON p.id = r.project_id
    ${conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : ''}
    ${groups.length > 0 ? `GROUP BY ${groups.join(', ')}` : ''} HAVING count(*) > 0`;
}

function rangeCondition({ grain, fromMs, beforeMs }: RollupRange): string {
  return `(grain = '${grain}' AND bucket_ms >= ${fromMs} AND bucket_ms < ${beforeMs})`;
}
