import type { UnreadPath } from '../core/transcript/unread.ts';
import { type SearchPlace, type SourceFile, filesIn } from '../sources/transcripts/places.ts';
import { unreadPath } from '../sources/transcripts/unread.ts';
import type { TranscriptBatch } from '../store/ingest/batch.ts';
import { selectFileMarks } from '../store/ingest/file-marks.ts';
import { type Spool, emptyWork } from '../store/ingest/spool.ts';
import { UnreadFiles } from '../store/ingest/unread-files.ts';
import type { LedgerWriter } from '../store/ingest/writer.ts';
import { CHUNK_BYTES, isUnchanged } from './collect.ts';
import { drainSpool } from './drain.ts';
import type { ReadBatch } from './read-batch.ts';
import { readTranscript } from './read-transcript.ts';
import { UnreadList } from './unread-list.ts';

/** How many transcripts an agent has. */
export interface ClientFiles {
  /** As in `--agent NAME` and in records. */
  client: string;
  title: string;
  files: number;
}

export interface ImportOutcome {
  /** Transcripts that exist. */
  files: number;
  /** The same by agent, those with files. */
  clients: ClientFiles[];
  /** Lines read in this run. */
  lines: number;
  addedRequests: number;
  /** Requests in these lines that were already in the ledger. */
  knownRequests: number;
  /** What was not read, in this run or an earlier one, sorted by path. */
  unread: UnreadPath[];
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
  const remembered = new UnreadFiles(writer.db);
  const unread = new UnreadList(remembered.all(), remembered);
  const found = filesIn(places, (path, error) => unread.add(unreadPath(path, error)));
  const unsorted = uniqueFiles([...found, ...(options.alsoFiles ?? [])]);
  const files = options.order === undefined ? unsorted : inOrder(unsorted, options.order);
  const run = new ImportRun(writer, unread);
  writer.settleSums();
  const marks = selectFileMarks(writer.db);
  files.forEach((file, index) => {
    if (!isUnchanged(file, marks.get(file.path) ?? null)) run.read(file);
    options.onProgress?.(index + 1, files.length);
  });
  run.write();
  for (let tries = 1; run.lost.size > 0 && tries < MAX_TRIES; tries++) {
    const again = files.filter(({ path }) => run.lost.has(path));
    run.lost.clear();
    for (const file of again) run.read(file);
    run.write();
  }
  const paths = files.map(({ path }) => path);
  const clients = countByAgent(files);
  return { ...run.outcome, files: files.length, clients, unread: unread.among(paths) };
}

export function countByAgent(files: readonly SourceFile[]): ClientFiles[] {
  const counts = new Map<string, ClientFiles>();
  for (const { agent } of files) {
    const { name: client, title } = agent;
    const files = (counts.get(client)?.files ?? 0) + 1;
    counts.set(client, { client, title, files });
  }
  return [...counts.values()];
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
  readonly #unread: UnreadList;
  #batches: TranscriptBatch[] = [];
  #requests = 0;

  constructor(writer: LedgerWriter, unread: UnreadList) {
    this.#writer = writer;
    this.#unread = unread;
  }

  read(file: SourceFile): void {
    const cursor = this.#writer.getCursor(file.path);
    const notes = this.#unread.begin(file);
    const reads = readTranscript(file, cursor, CHUNK_BYTES, notes.fail);
    for (const read of reads) {
      notes.note(read);
      this.#add(read);
    }
    notes.end();
  }

  #add({ lineCount, batch }: ReadBatch): void {
    this.outcome.lines += lineCount;
    this.#batches.push(batch);
    this.#requests += batch.extraction.records.size;
    if (this.#requests > BATCH_REQUESTS) this.write();
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
