import { MEASURES, type Measures, noMeasures } from '../rollups/measures.ts';
import type { Ledger } from '../connection/open.ts';
import type { RecordDimension } from '../records/dimensions.ts';

/** Sums of the records with the same keys and, if grouped by time, in the same local hour or day. */
export interface SummedRow {
  keys: Partial<Record<RecordDimension, string | null>>;
  /** The earliest known quarter of an hour, or UTC day, of the group; null if not grouped by time. */
  quarterMs: number | null;
  measures: Measures;
}

/**
 * A row of the queries here: keys, then the columns that identify local units, then (with units) a time
 * in the unit, then the measures. Numbers if these are exact.
 */
export type SqlRow = (string | number | bigint | null)[];

export interface RowShape {
  keys: number;
  /** Number of columns that identify local units; if there are any, a time follows them. */
  units: number;
}

/** The rows of a query. Numbers are several times faster to read than big integers. */
export function readRows(db: Ledger, sql: string, values: unknown[]): SqlRow[] {
  const statement = db.prepare(sql).raw();
  const rows = statement.all(...values) as SqlRow[];
  const isExact = rows.every((row) =>
    row.every((value) => typeof value !== 'number' || Number.isSafeInteger(value)),
  );
  return isExact ? rows : (statement.safeIntegers().all(...values) as SqlRow[]);
}

export function summedRow(
  row: SqlRow,
  by: readonly RecordDimension[],
  { keys, units }: RowShape,
): SummedRow {
  const named: SummedRow['keys'] = {};
  for (const [index, name] of by.entries()) named[name] = row[index] as string | null;
  const first = keys + units + (units > 0 ? 1 : 0);
  const measures = noMeasures();
  for (const [index, name] of MEASURES.entries()) measures[name] = BigInt(row[first + index] ?? 0);
  return { keys: named, quarterMs: units > 0 ? Number(row[first - 1]) : null, measures };
}

/** Merges the parts of one result that was read in pieces into one row per group. */
export class RowMerger {
  readonly #rows = new Map<string, SqlRow>();
  readonly #shape: RowShape;

  constructor(shape: RowShape) {
    this.#shape = shape;
  }

  add(rows: SqlRow[]): void {
    const { keys, units } = this.#shape;
    const parts = keys + units;
    for (const row of rows) {
      let id = '';
      for (let index = 0; index < parts; index++) id += `${row[index] ?? '\u0001'}\0`;
      const existing = this.#rows.get(id);
      if (existing === undefined) {
        this.#rows.set(id, row);
        continue;
      }
      let index = parts;
      if (units > 0) existing[index] = Math.min(Number(existing[index]), Number(row[index++]));
      for (; index < row.length; index++) existing[index] = sum(existing[index], row[index]);
    }
  }

  rows(): SqlRow[] {
    return [...this.#rows.values()];
  }
}

function sum(a: SqlRow[number] | undefined, b: SqlRow[number] | undefined): number | bigint {
  if (typeof a === 'number' && typeof b === 'number') {
    const total = a + b;
    if (Number.isSafeInteger(total)) return total;
  }
  return BigInt(a ?? 0) + BigInt(b ?? 0);
}
