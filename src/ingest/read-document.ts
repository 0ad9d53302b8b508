import { statSync } from 'node:fs';
import type { DocumentSource } from '../agents/source.ts';
import type { FileCursor } from '../core/transcript/thread.ts';
import { readTextOrNull } from '../files/read-bounded.ts';
import { type NewContent, noEntries } from './new-content.ts';

/** Agents rewrite the whole file at every turn, which keeps it far below this. */
const MAX_DOCUMENT_BYTES = 64 * 1024 * 1024;

/**
 * Reads a document if it has changed since the cursor.
 * @returns null if it has not, or can't be read
 */
export function readDocument(
  source: DocumentSource,
  path: string,
  cursor: FileCursor | null,
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
  const text = readTextOrNull(path, { maxBytes: MAX_DOCUMENT_BYTES, within: null });
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
    entries: (state) => source.parseDocument(text, (state.fold ??= {})),
    entriesAfterCursor: noEntries,
  };
}
