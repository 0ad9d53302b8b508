import type { Ledger } from '../connection/open.ts';
import { RowMerger, type RowShape, type SqlRow, readRows } from './summed-row.ts';

/** One thread's part of reading all rows: every `parts`th chunk, starting with the `part`th. */
export interface ScanTask {
  /** Its values are those below, then the limits of the chunk: after one `seq`, and up to another. */
  sql: string;
  values: unknown[];
  shape: RowShape;
  lastSeq: number;
  part: number;
  parts: number;
}

/** Measured: the rows being grouped then stay in the processor's cache. */
const CHUNK_ROWS = 20_000;

/** @param onRead called after each chunk with the number of rows read so far */
export function scanPart(
  db: Ledger,
  { sql, values, shape, lastSeq, part, parts }: ScanTask,
  onRead: (rows: number) => void,
): SqlRow[] {
  const merger = new RowMerger(shape);
  let read = 0;
  for (let after = part * CHUNK_ROWS; after < lastSeq; after += parts * CHUNK_ROWS) {
    merger.add(readRows(db, sql, [...values, after, after + CHUNK_ROWS]));
    read += CHUNK_ROWS;
    onRead(read);
  }
  return merger.rows();
}
