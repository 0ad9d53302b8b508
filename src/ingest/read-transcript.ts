import { archiveChunks, isArchive } from '../sources/transcripts/archive.ts';
import type { SourceFile } from '../sources/transcripts/places.ts';
import type { TranscriptCursor } from '../store/ingest/batch.ts';
import { type ReadBatch, extractBatch, readBatch } from './read-batch.ts';
import { linesContent } from './read-lines.ts';

const SOURCE = 'import';

/**
 * Reads what is new in one file, batch by batch. A compressed one is read from its start.
 * @param stored the cursor in the ledger; null if the file was never read
 * @param onError takes the reason if the file exists and not everything can be read
 */
export function* readTranscript(
  file: SourceFile,
  stored: TranscriptCursor | null,
  maxBytes: number,
  onError: (error: unknown) => void,
): Generator<ReadBatch, void, void> {
  const { source, path } = file;
  let cursor = stored;
  let storedBytes = stored?.cursorBytes ?? null;
  if (source.kind === 'lines' && isArchive(source, path)) {
    for (const chunk of archiveChunks(path, maxBytes, stored !== null, onError)) {
      const read = extractBatch(file, linesContent(source, chunk), cursor, storedBytes, SOURCE);
      yield read;
      cursor = read.next;
      storedBytes = read.batch.toBytes;
    }
    return;
  }
  for (;;) {
    const options = { maxBytes, source: SOURCE } as const;
    const read = readBatch(file, cursor, storedBytes, options, onError);
    if (read === null) return;
    yield read;
    if (!read.hasMore) return;
    cursor = read.next;
    storedBytes = read.batch.toBytes;
  }
}
