import type { Ledger } from '../connection/open.ts';
import type { FileMark } from './batch.ts';

/**
 * The state of every transcript's file when it was last read, by path: an unchanged file needs no cursor.
 */
export function selectFileMarks(db: Ledger): Map<string, FileMark> {
  const rows = db
    .prepare('SELECT path, identity, size_bytes, modified_at_ms, cursor_bytes FROM transcripts')
    .raw()
    .all() as [string, string, number, number, number][];
  return new Map(
    rows.map(([path, identity, sizeBytes, modifiedAtMs, cursorBytes]) => [
      path,
      { identity, sizeBytes, modifiedAtMs, cursorBytes },
    ]),
  );
}

/** Whether any file was ever read. */
export function hasReadFiles(db: Ledger): boolean {
  return db.prepare('SELECT 1 FROM transcripts LIMIT 1').get() !== undefined;
}
