import { isArchiveName } from '../agents/archive-name.ts';
import type { Agent } from '../agents/types.ts';
import type { UnreadPath } from '../core/transcript/unread.ts';
import { allTranscripts } from '../sources/transcripts/tree.ts';
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

export interface ImportOutcome {
  /** Transcripts that exist. */
  files: number;
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
  const files = new UnreadFiles(writer.db);
  const unread = new UnreadList(files.all(), files);
  const below = folders.flatMap((folder) =>
    allTranscripts(withArchives(agent), folder, (path, error) => {
      unread.add(unreadPath(path, error));
    }),
  );
  const unsorted = [...new Set([...below, ...(options.alsoPaths ?? [])])];
  const paths = options.order?.(unsorted) ?? unsorted;
  const run = new ImportRun(agent, writer, unread);
  writer.settleSums();
  const marks = selectFileMarks(writer.db);
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
  return { ...run.outcome, files: paths.length, unread: unread.among(paths) };
}

/** Hooks read no archives: Claude Code never writes to one. */
export function withArchives(agent: Agent): Pick<Agent, 'isTranscriptName'> {
  return {
    isTranscriptName: (name) => agent.isTranscriptName(name) || isArchiveName(name),
  };
}

class ImportRun {
  readonly outcome = { lines: 0, addedRequests: 0, knownRequests: 0 };
  readonly lost = new Set<string>();
  readonly #agent: Agent;
  readonly #writer: LedgerWriter;
  readonly #unread: UnreadList;
  #batches: TranscriptBatch[] = [];
  #requests = 0;

  constructor(agent: Agent, writer: LedgerWriter, unread: UnreadList) {
    this.#agent = agent;
    this.#writer = writer;
    this.#unread = unread;
  }

  read(path: string): void {
    const cursor = this.#writer.getCursor(path);
    const notes = this.#unread.begin(path);
    const reads = readTranscript(this.#agent, path, cursor, CHUNK_BYTES, notes.fail);
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
