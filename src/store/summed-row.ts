import { MEASURES, type Measures, addMeasures } from './measures.ts';
import type { RecordDimension } from './record-dimensions.ts';
import type { LocalUnits } from './time-grouping.ts';

/** Sums of the records with the same keys, and of the same local hour or day where one was asked for. */
export interface SummedRow {
  keys: Partial<Record<RecordDimension, string | null>>;
  /** The earliest quarter of an hour, or UTC day, of it that is known; null where no time was asked for. */
  quarterMs: number | null;
  measures: Measures;
}

/** A row as the queries here give it: keys as `k0`, `k1` ..., `quarter_ms`, and the measures. */
export type SqlRow = Record<string, string | bigint | null>;

export function summedRow(row: SqlRow, by: readonly RecordDimension[]): SummedRow {
  const keys: SummedRow['keys'] = {};
  for (const [index, name] of by.entries()) keys[name] = row[`k${index}`] as string | null;
  const measures = {} as Measures;
  for (const name of MEASURES) measures[name] = BigInt(row[name] ?? 0);
  const quarter = row['quarter_ms'];
  return { keys, quarterMs: quarter === undefined ? null : Number(quarter), measures };
}

/** Parts of one answer added up: what was read in pieces is one row a group. */
export class SumMerger {
  readonly #rows = new Map<string, SummedRow>();
  readonly #units: LocalUnits | null;

  constructor(units: LocalUnits | null) {
    this.#units = units;
  }

  add(rows: SummedRow[]): void {
    for (const row of rows) {
      const { keys, quarterMs } = row;
      const unit = quarterMs === null ? '' : this.#units?.nameOf(quarterMs);
      const id = JSON.stringify([unit, ...Object.values(keys)]);
      const known = this.#rows.get(id);
      if (known === undefined) this.#rows.set(id, row);
      else {
        addMeasures(known.measures, row.measures);
        if (quarterMs !== null) known.quarterMs = Math.min(known.quarterMs ?? quarterMs, quarterMs);
      }
    }
  }

  rows(): SummedRow[] {
    return [...this.#rows.values()];
  }
}
