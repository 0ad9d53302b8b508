import { closeSync, readSync } from 'node:fs';
import { openRegularOrNull } from '../../files/read-bounded.ts';
import { fingerprint } from '../../core/lang/fingerprint.ts';
import type { FileCursor } from '../../core/transcript/thread.ts';

/** Bytes before the cursor that tell whether the file is still the one that was read. */
const TAIL_BYTES = 4096;
/** A line may exceed what is read at once; beyond this it is taken for damage and passed over. */
const MAX_LINE_BYTES = 64 * 1024 * 1024;
const NEWLINE = 10;

/** Complete lines of a transcript behind its cursor. */
export interface TranscriptChunk {
  lines: string[];
  identity: string;
  sizeBytes: number;
  modifiedAtMs: number;
  fromBytes: number;
  toBytes: number;
  tailHash: string;
  /** True where the file is not the one that the cursor was set in: read from its start. */
  isRestart: boolean;
  /** True where complete lines may be left behind `toBytes`. */
  hasMore: boolean;
}

/**
 * Reads complete lines from a transcript, from its cursor on.
 * @returns null where there is nothing new, or no regular file to read
 */
export function readChunk(
  path: string,
  cursor: FileCursor | null,
  maxBytes: number,
): TranscriptChunk | null {
  const file = openRegularOrNull(path);
  if (file === null) return null;
  const { fd, stat } = file;
  try {
    const identity = `${stat.dev}:${stat.ino}`;
    const isSame = cursor !== null && isStillThere(fd, stat.size, identity, cursor);
    const fromBytes = isSame ? cursor.cursorBytes : 0;
    if (stat.size === fromBytes && isSame) return null;
    const { text, toBytes } = readLines(fd, fromBytes, stat.size, maxBytes);
    if (toBytes === fromBytes && isSame) return null;
    const lines = text === '' ? [] : text.split('\n');
    return {
      lines,
      identity,
      sizeBytes: stat.size,
      modifiedAtMs: stat.mtimeMs,
      fromBytes,
      toBytes,
      tailHash: hashBefore(fd, toBytes),
      isRestart: cursor !== null && !isSame,
      hasMore: toBytes < stat.size && toBytes > fromBytes,
    };
  } catch {
    return null;
  } finally {
    closeSync(fd);
  }
}

function isStillThere(
  fd: number,
  sizeBytes: number,
  identity: string,
  cursor: FileCursor,
): boolean {
  // A copy put back in place has another identity and the same content: the content decides.
  if (sizeBytes < cursor.cursorBytes) return false;
  return identity !== '' && hashBefore(fd, cursor.cursorBytes) === cursor.tailHash;
}

/** Fingerprint of the last 4 kB before `position`. */
function hashBefore(fd: number, position: number): string {
  const length = Math.min(TAIL_BYTES, position);
  const buffer = Buffer.allocUnsafe(length);
  const read = readSync(fd, buffer, 0, length, position - length);
  return fingerprint(buffer.subarray(0, read));
}

/** Reads up to `maxBytes`, or to the end of the first line where that one alone is longer. */
function readLines(
  fd: number,
  from: number,
  size: number,
  maxBytes: number,
): { text: string; toBytes: number } {
  let length = Math.min(maxBytes, size - from);
  for (;;) {
    const buffer = Buffer.allocUnsafe(length);
    const read = readSync(fd, buffer, 0, length, from);
    const end = buffer.subarray(0, read).lastIndexOf(NEWLINE);
    // NUL padding goes here too: JSON has no NUL, and what follows the padding is a whole line.
    if (end >= 0) {
      return { text: withoutNuls(buffer.toString('utf8', 0, end)), toBytes: from + end + 1 };
    }
    if (from + read >= size) return { text: '', toBytes: from };
    if (length >= MAX_LINE_BYTES) return { text: '', toBytes: from + read };
    length = Math.min(length * 4, MAX_LINE_BYTES, size - from);
  }
}

function withoutNuls(text: string): string {
  return text.includes('\0') ? text.replaceAll('\0', '') : text;
}
