import { isArchiveName } from '../agents/archive-name.ts';
import type { Agent } from '../agents/types.ts';
import { archiveChunks } from '../sources/transcripts/archive.ts';
import type { TranscriptCursor } from '../store/ingest/batch.ts';
import { type ReadBatch, extractBatch, readBatch } from './read-batch.ts';

const SOURCE = 'import';

/**
 * Reads what is new in one transcript, batch by batch. A compressed one is read from its start.
 * @param stored the cursor in the ledger; null if the file was never read
 * @param onError takes the reason if the file exists and not everything can be read
 */
export function* readTranscript(
  agent: Agent,
  path: string,
  stored: TranscriptCursor | null,
  maxBytes: number,
  onError: (error: unknown) => void,
): Generator<ReadBatch, void, void> {
  let cursor = stored;
  let storedBytes = stored?.cursorBytes ?? null;
  if (isArchiveName(path.slice(path.lastIndexOf('/') + 1))) {
    for (const chunk of archiveChunks(path, maxBytes, stored !== null, onError)) {
      const read = extractBatch(agent, path, chunk, cursor, storedBytes, SOURCE);
      yield read;
      cursor = read.next;
      storedBytes = read.batch.toBytes;
    }
    return;
  }
  for (;;) {
    const options = { maxBytes, source: SOURCE } as const;
    const read = readBatch(agent, path, cursor, storedBytes, options, onError);
    if (read === null) return;
    yield read;
    if (!read.hasMore) return;
    cursor = read.next;
    storedBytes = read.batch.toBytes;
  }
}
