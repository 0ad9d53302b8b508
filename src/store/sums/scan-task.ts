import type { Ledger } from '../connection/open.ts';
import { RowMerger, type RowShape, type SqlRow, readRows } from './summed-row.ts';

/** One thread's share of reading all rows: every `parts`th stretch, from the `part`th on. */
export interface ScanTask {
  /** Takes the values, then the stretch: after which `seq`, and up to which. */
  sql: string;
  values: unknown[];
  shape: RowShape;
  lastSeq: number;
  part: number;
  parts: number;
}

/** Measured: what is sorted for its groups then stays in the processor's cache. */
const STRETCH_ROWS = 20_000;

/** @param tell called after each stretch with the rows read so far */
export function scanPart(
  db: Ledger,
  { sql, values, shape, lastSeq, part, parts }: ScanTask,
  tell: (rows: number) => void,
): SqlRow[] {
  const merger = new RowMerger(shape);
  let read = 0;
  for (let after = part * STRETCH_ROWS; after < lastSeq; after += parts * STRETCH_ROWS) {
    merger.add(readRows(db, sql, [...values, after, after + STRETCH_ROWS]));
    read += STRETCH_ROWS;
    tell(read);
  }
  return merger.rows();
}
