import { MEASURES, type Measures, noMeasures } from '../rollups/measures.ts';
import type { Ledger } from '../connection/open.ts';
import type { RecordDimension } from '../records/dimensions.ts';

/** Sums of the records with the same keys, and of the same local hour or day where one was asked for. */
export interface SummedRow {
  keys: Partial<Record<RecordDimension, string | null>>;
  /** The earliest quarter of an hour, or UTC day, of it that is known; null where no time was asked for. */
  quarterMs: number | null;
  measures: Measures;
}

/**
 * A row as the queries here give it: keys, then what tells local units apart, then (with units) a time
 * in the unit, then the measures. Numbers where they are exact.
 */
export type SqlRow = (string | number | bigint | null)[];

export interface RowShape {
  keys: number;
  /** Columns that tell local units apart; with any, a time follows them. */
  units: number;
}

/** Rows of a query. JavaScript's numbers are several times faster to come by than its big integers. */
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

/** Adds up the parts of one answer that was read in pieces: one row a group comes out. */
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
      const known = this.#rows.get(id);
      if (known === undefined) {
        this.#rows.set(id, row);
        continue;
      }
      let index = parts;
      if (units > 0) known[index] = Math.min(Number(known[index]), Number(row[index++]));
      for (; index < row.length; index++) known[index] = sum(known[index], row[index]);
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
