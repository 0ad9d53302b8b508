import type { TableSource } from '../agents/source.ts';
import type { FileCursor, ThreadState } from '../core/transcript/thread.ts';
import { type ForeignRows, foreignFileState, readForeignRows } from '../store/foreign/table.ts';
import { type NewContent, noEntries } from './new-content.ts';

/** Rows that are read at once: the agent's file is open for about 20 ms. */
const MAX_ROWS = 5000;

/**
 * Reads the rows that are new or changed since the cursor.
 * @param onError takes an UnknownLayoutError, or SQLite's own error
 * @returns null if nothing has changed, or if it can't be read
 */
export function readTable(
  source: TableSource,
  path: string,
  cursor: (FileCursor & { state: ThreadState }) | null,
  onError?: (error: unknown) => void,
): NewContent | null {
  const file = foreignFileState(path);
  if (file === null) return null;
  const isSameFile = cursor?.identity === file.identity;
  const isUnchanged =
    isSameFile && cursor.sizeBytes === file.sizeBytes && cursor.modifiedAtMs === file.modifiedAtMs;
  if (isUnchanged) return null;
  const from = isSameFile ? (cursor.state.rowCursor ?? 0) - (source.table.overlap ?? 0) : 0;
  const read = readRows(source, path, from, onError);
  if (read === null) return null;
  const { rows, hasMore } = read;
  const fromBytes = cursor?.cursorBytes ?? 0;
  return {
    ...file,
    // Not the file's size while rows are left, or the next read would consider it unchanged.
    sizeBytes: hasMore ? 0 : file.sizeBytes,
    fromBytes,
    toBytes: fromBytes + 1,
    tailHash: '',
    isRestart: false,
    hasMore,
    partCount: rows.length,
    firstLines: [],
    *entries(state) {
      for (const row of rows) {
        yield* source.parseRow(row, (state.fold ??= {}));
        const at = row[source.table.cursor];
        if (typeof at === 'number') state.rowCursor = Math.max(state.rowCursor ?? 0, at);
      }
    },
    entriesAfterCursor: noEntries,
  };
}

function readRows(
  source: TableSource,
  path: string,
  from: number,
  onError?: (error: unknown) => void,
): ForeignRows | null {
  try {
    return readForeignRows(path, source.table, from, MAX_ROWS);
  } catch (error) {
    onError?.(error);
    return null;
  }
}
