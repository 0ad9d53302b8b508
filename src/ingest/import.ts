import { type SearchPlace, type SourceFile, filesIn } from '../sources/transcripts/places.ts';
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
  /** Files outside the folders; missing ones are skipped. */
  alsoFiles?: readonly SourceFile[];
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
  writer: LedgerWriter,
  spool: Spool,
  places: readonly SearchPlace[],
  options: ImportOptions = {},
): ImportOutcome {
  // Left to reading commands: a hook would have to list the folder once more for each event.
  spool.adoptLeftovers(Date.now());
  drainSpool(spool, writer, Number.POSITIVE_INFINITY);
  const unsorted = uniqueFiles([...filesIn(places), ...(options.alsoFiles ?? [])]);
  const files = options.order === undefined ? unsorted : inOrder(unsorted, options.order);
  const run = new ImportRun(writer);
  const marks = writer.fileMarks();
  files.forEach((file, index) => {
    const { source, path } = file;
    if (!isUnchanged(source, path, marks.get(path) ?? null)) run.read(file);
    options.onProgress?.(index + 1, files.length);
  });
  run.write();
  for (let tries = 1; run.lost.size > 0 && tries < MAX_TRIES; tries++) {
    const again = files.filter(({ path }) => run.lost.has(path));
    run.lost.clear();
    for (const file of again) run.read(file);
    run.write();
  }
  return { ...run.outcome, files: files.length };
}

function uniqueFiles(files: readonly SourceFile[]): SourceFile[] {
  return [...new Map(files.map((file) => [file.path, file])).values()];
}

function inOrder(files: SourceFile[], order: (paths: string[]) => string[]): SourceFile[] {
  const byPath = new Map(files.map((file) => [file.path, file]));
  return order([...byPath.keys()]).flatMap((path) => byPath.get(path) ?? []);
}

class ImportRun {
  readonly outcome = { lines: 0, addedRequests: 0, knownRequests: 0 };
  readonly lost = new Set<string>();
  readonly #writer: LedgerWriter;
  #batches: TranscriptBatch[] = [];
  #requests = 0;

  constructor(writer: LedgerWriter) {
    this.#writer = writer;
  }

  read(file: SourceFile): void {
    let cursor: TranscriptCursor | null = this.#writer.getCursor(file.path);
    let storedBytes = cursor?.cursorBytes ?? null;
    for (;;) {
      const options = { maxBytes: CHUNK_BYTES, source: 'import' as const };
      const read = readBatch(file, cursor, storedBytes, options);
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
