import type { Agent } from '../agents/types.ts';
import { allTranscripts } from '../sources/transcripts/tree.ts';
import type { TranscriptBatch, TranscriptCursor } from '../store/ingest/batch.ts';
import { type Spool, emptyWork } from '../store/ingest/spool.ts';
import type { LedgerWriter } from '../store/ingest/writer.ts';
import { CHUNK_BYTES, isUnchanged } from './collect.ts';
import { drainSpool } from './drain.ts';
import { readBatch } from './read-batch.ts';

export interface ImportOutcome {
  /** Transcripts that exist. */
  files: number;
  /** Lines read in this run. */
  lines: number;
  addedRequests: number;
  /** Requests in these lines that were already in the ledger. */
  knownRequests: number;
}

export interface ImportOptions {
  onProgress?: (doneFiles: number, ofFiles: number) => void;
  /** Transcripts outside the folders; missing ones are skipped. */
  alsoPaths?: string[];
  /** Reads the files in another order than that of their paths; the resulting ledger is the same. */
  order?: (paths: string[]) => string[];
}

/**
 * Requests written in one transaction: about 50 ms of work during which hooks have to wait. Reading and
 * extracting takes longer, but holds no lock.
 */
const BATCH_REQUESTS = 1500;
/** Give up on a file after this many tries: hooks keep reading it, and will record it. */
const MAX_TRIES = 5;

/**
 * Reads everything new in all transcripts below the folders.
 * @throws SQLite's own error if the ledger can't be written
 */
export function importTranscripts(
  agent: Agent,
  writer: LedgerWriter,
  spool: Spool,
  folders: string[],
  options: ImportOptions = {},
): ImportOutcome {
  // Left to reading commands: a hook would have to list the folder once more for each event.
  spool.adoptLeftovers(Date.now());
  drainSpool(spool, writer, Number.POSITIVE_INFINITY);
  const below = folders.flatMap((folder) => allTranscripts(agent, folder));
  const unsorted = [...new Set([...below, ...(options.alsoPaths ?? [])])];
  const paths = options.order?.(unsorted) ?? unsorted;
  const run = new ImportRun(agent, writer);
  writer.settleSums();
  const marks = writer.fileMarks();
  paths.forEach((path, index) => {
    if (!isUnchanged(path, marks.get(path) ?? null)) run.read(path);
    options.onProgress?.(index + 1, paths.length);
  });
  run.write();
  for (let tries = 1; run.lost.size > 0 && tries < MAX_TRIES; tries++) {
    const again = [...run.lost];
    run.lost.clear();
    for (const path of again) run.read(path);
    run.write();
  }
  return { ...run.outcome, files: paths.length };
}

class ImportRun {
  readonly outcome = { lines: 0, addedRequests: 0, knownRequests: 0 };
  readonly lost = new Set<string>();
  readonly #agent: Agent;
  readonly #writer: LedgerWriter;
  #batches: TranscriptBatch[] = [];
  #requests = 0;

  constructor(agent: Agent, writer: LedgerWriter) {
    this.#agent = agent;
    this.#writer = writer;
  }

  read(path: string): void {
    let cursor: TranscriptCursor | null = this.#writer.getCursor(path);
    let storedBytes = cursor?.cursorBytes ?? null;
    for (;;) {
      const options = { maxBytes: CHUNK_BYTES, source: 'import' as const };
      const read = readBatch(this.#agent, path, cursor, storedBytes, options);
      if (read === null) return;
      this.outcome.lines += read.lineCount;
      this.#batches.push(read.batch);
      cursor = read.next;
      storedBytes = read.batch.toBytes;
      this.#requests += read.batch.extraction.records.size;
      if (this.#requests > BATCH_REQUESTS) this.write();
      if (!read.hasMore) return;
    }
  }

  write(): void {
    const batches = this.#batches;
    this.#batches = [];
    if (batches.length > 0) {
      const written = this.#writer.write({ ...emptyWork(), batches });
      this.outcome.addedRequests += written.addedRequests;
      this.outcome.knownRequests += written.knownRequests;
      for (const path of written.lost) this.lost.add(path);
    }
    this.#requests = 0;
  }
}
