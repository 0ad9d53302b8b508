import type { LinesSource } from '../agents/source.ts';
import type { FileCursor } from '../core/transcript/thread.ts';
import { readChunk } from '../sources/transcripts/file.ts';
import type { NewContent } from './new-content.ts';

/**
 * Reads complete lines after the cursor.
 * @returns null if there is nothing new
 */
export function readLines(
  source: LinesSource,
  path: string,
  cursor: FileCursor | null,
  maxBytes: number,
): NewContent | null {
  const chunk = readChunk(path, cursor, maxBytes);
  if (chunk === null) return null;
  const { lines, tail } = chunk;
  return {
    ...chunk,
    partCount: lines.length + (tail === null ? 0 : 1),
    *entries(state) {
      state.fold ??= {};
      for (const line of lines) if (line !== '') yield* source.parseLine(line, state.fold);
    },
    entriesAfterCursor: (state) =>
      tail === null ? [] : source.parseLine(tail, (state.fold ??= {})),
  };
}
