import { statSync } from 'node:fs';
import type { DocumentSource } from '../agents/source.ts';
import type { FileCursor } from '../core/transcript/thread.ts';
import { readBounded } from '../files/read-bounded.ts';
import { type NewContent, noEntries } from './new-content.ts';

/** Agents rewrite the whole file at every turn, which keeps it far below this. */
const MAX_DOCUMENT_BYTES = 64 * 1024 * 1024;

/**
 * Reads a document if it has changed since the cursor.
 * @param onError takes the reason if it can't be read
 * @returns null if it has not, or can't be read
 */
export function readDocument(
  source: DocumentSource,
  path: string,
  cursor: FileCursor | null,
  onError?: (error: unknown) => void,
): NewContent | null {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined || !stat.isFile()) return null;
  const identity = `${stat.dev}:${stat.ino}`;
  const { size: sizeBytes, mtimeMs: modifiedAtMs } = stat;
  const isSame =
    cursor?.identity === identity &&
    cursor.sizeBytes === sizeBytes &&
    cursor.modifiedAtMs === modifiedAtMs;
  if (isSame) return null;
  const text = readText(path, onError);
  if (text === null) return null;
  const fromBytes = cursor?.cursorBytes ?? 0;
  return {
    identity,
    sizeBytes,
    modifiedAtMs,
    fromBytes,
    toBytes: fromBytes + 1,
    tailHash: '',
    // Its requests are known by their own ids, whatever file they are found in.
    isRestart: false,
    hasMore: false,
    partCount: 1,
    firstLines: [],
    entries: (state) => source.parseDocument(text, (state.fold ??= {})),
    entriesAfterCursor: noEntries,
  };
}

function readText(path: string, onError?: (error: unknown) => void): string | null {
  try {
    return readBounded(path, { maxBytes: MAX_DOCUMENT_BYTES, within: null })?.toString() ?? null;
  } catch (error) {
    onError?.(error);
    return null;
  }
}
