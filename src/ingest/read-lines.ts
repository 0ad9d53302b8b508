import type { LinesSource } from '../agents/source.ts';
import type { FileCursor } from '../core/transcript/thread.ts';
import { type TranscriptChunk, readChunk } from '../sources/transcripts/file.ts';
import type { NewContent } from './new-content.ts';

/** Enough to see which program wrote a file. */
const FIRST_LINES = 10;

/**
 * Reads complete lines after the cursor.
 * @param onError takes the reason if the file exists and can't be read
 * @returns null if there is nothing new, or if it can't be read
 */
export function readLines(
  source: LinesSource,
  path: string,
  cursor: FileCursor | null,
  maxBytes: number,
  onError?: (error: unknown) => void,
): NewContent | null {
  const chunk = readChunk(path, cursor, maxBytes, onError);
  return chunk === null ? null : linesContent(source, chunk);
}

export function linesContent(source: LinesSource, chunk: TranscriptChunk): NewContent {
  const { lines, tail } = chunk;
  return {
    ...chunk,
    partCount: lines.length + (tail === null ? 0 : 1),
    firstLines: chunk.fromBytes === 0 ? lines.slice(0, FIRST_LINES) : [],
    *entries(state) {
      const fold = (state.fold ??= {});
      for (const line of lines) if (line !== '') yield* source.parseLine(line, fold);
    },
    entriesAfterCursor: (state) =>
      tail === null ? [] : source.parseLine(tail, (state.fold ??= {})),
  };
}
