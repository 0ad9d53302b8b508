import { type Stats, closeSync, readSync } from 'node:fs';
import { openRegularOrNull } from '../../files/read-bounded.ts';
import { asObject, parseJson } from '../../core/lang/json.ts';
import { fingerprint } from '../../core/lang/fingerprint.ts';
import type { FileCursor } from '../../core/transcript/thread.ts';

/** Bytes before the cursor that identify the file as the one that was read. */
const TAIL_BYTES = 4096;
/** A line may exceed what is read at once; a longer one than this is considered damaged and skipped. */
export const MAX_LINE_BYTES = 64 * 1024 * 1024;
const NEWLINE = 10;

/** Complete lines of a transcript after its cursor. */
export interface TranscriptChunk {
  lines: string[];
  /** A complete object after the last newline; the cursor stays before it. */
  tail: string | null;
  identity: string;
  sizeBytes: number;
  modifiedAtMs: number;
  fromBytes: number;
  toBytes: number;
  tailHash: string;
  /** True if this is not the file that the cursor was set in: it is read from its start. */
  isRestart: boolean;
  /** True if complete lines may remain after `toBytes`. */
  hasMore: boolean;
}

/**
 * Reads complete lines from a transcript, starting at its cursor.
 * @param onError takes the reason if the file exists and can't be read
 * @returns null if there is nothing new, or if it can't be read
 */
export function readChunk(
  path: string,
  cursor: FileCursor | null,
  maxBytes: number,
  onError?: (error: unknown) => void,
): TranscriptChunk | null {
  const file = openRegularOrNull(path, onError);
  if (file === null) return null;
  const { fd, stat } = file;
  try {
    const identity = `${stat.dev}:${stat.ino}`;
    const isSame = cursor !== null && isStillThere(fd, stat.size, identity, cursor);
    const fromBytes = isSame ? cursor.cursorBytes : 0;
    if (stat.size === fromBytes && isSame) return null;
    const { text, toBytes, rest } = readLines(fd, fromBytes, stat.size, maxBytes);
    const tail = completeObject(rest);
    if (toBytes === fromBytes && isSame && (tail === null || isUnchanged(stat, cursor)))
      return null;
    const lines = text === '' ? [] : text.split('\n');
    return {
      lines,
      tail,
      identity,
      sizeBytes: stat.size,
      modifiedAtMs: stat.mtimeMs,
      fromBytes,
      toBytes,
      tailHash: hashBefore(fd, toBytes),
      isRestart: cursor !== null && !isSame,
      hasMore: toBytes < stat.size && toBytes > fromBytes && rest === '',
    };
  } catch (error) {
    onError?.(error);
    return null;
  } finally {
    closeSync(fd);
  }
}

function isUnchanged(stat: Stats, cursor: FileCursor): boolean {
  return stat.size === cursor.sizeBytes && stat.mtimeMs === cursor.modifiedAtMs;
}

/** Half an object is not valid JSON, so whatever parses is complete. */
export function completeObject(rest: string): string | null {
  const text = rest.trim();
  if (!text.startsWith('{') || !text.endsWith('}')) return null;
  return asObject(parseJson(text)) === null ? null : text;
}

function isStillThere(
  fd: number,
  sizeBytes: number,
  identity: string,
  cursor: FileCursor,
): boolean {
  // A file restored from a copy has another identity but the same content: the content decides.
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

/**
 * Reads up to `maxBytes`, or to the end of the first line if that line alone is longer.
 * @returns the complete lines, and what follows the last newline if that is the end of the file
 */
function readLines(
  fd: number,
  from: number,
  size: number,
  maxBytes: number,
): { text: string; toBytes: number; rest: string } {
  let length = Math.min(maxBytes, size - from);
  for (;;) {
    const buffer = Buffer.allocUnsafe(length);
    const read = readSync(fd, buffer, 0, length, from);
    const end = buffer.subarray(0, read).lastIndexOf(NEWLINE);
    // This also removes NUL padding: JSON has no NUL, and what follows the padding is a complete line.
    const isAtEnd = from + read >= size;
    const rest = isAtEnd ? withoutNuls(buffer.toString('utf8', end + 1, read)) : '';
    if (end >= 0) {
      return { text: withoutNuls(buffer.toString('utf8', 0, end)), toBytes: from + end + 1, rest };
    }
    if (isAtEnd) return { text: '', toBytes: from, rest };
    if (length >= MAX_LINE_BYTES) return { text: '', toBytes: from + read, rest };
    length = Math.min(length * 4, MAX_LINE_BYTES, size - from);
  }
}

export function withoutNuls(text: string): string {
  return text.includes('\0') ? text.replaceAll('\0', '') : text;
}
