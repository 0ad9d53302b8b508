import { type Stats, statSync } from 'node:fs';
import type { RecordSource } from '../core/record/cost-record.ts';
import type { SourceFile } from '../sources/transcripts/places.ts';
import type { FileMark, TranscriptBatch, TranscriptCursor } from '../store/ingest/batch.ts';
import type { Spool } from '../store/ingest/spool.ts';
import type { LedgerWriter } from '../store/ingest/writer.ts';
import { cursorAfter, readBatch } from './read-batch.ts';

export interface CollectLimits {
  /** Total for all files; the rest stays unread after the cursors. */
  maxBytes: number;
  /** Reading ends at this time, milliseconds UTC, after the current chunk. */
  deadlineMs: number;
}

/** Most bytes that are read at once. */
export const CHUNK_BYTES = 4 * 1024 * 1024;

/** Reads what is new in the transcripts of one session, and remembers what it has read. */
export class Collector {
  readonly batches: TranscriptBatch[] = [];
  /** Transcripts that exist and could not be read, with the error. */
  readonly unreadable = new Map<string, unknown>();
  readonly #writer: LedgerWriter | null;
  readonly #spool: Spool;
  readonly #source: RecordSource;
  readonly #cursors = new Map<string, TranscriptCursor | null>();
  readonly #expected = new Map<string, number | null>();

  /** @param writer null if the ledger can't be used: the spool then provides the cursors */
  constructor(writer: LedgerWriter | null, spool: Spool, source: RecordSource) {
    this.#writer = writer;
    this.#spool = spool;
    this.#source = source;
  }

  collect(files: Iterable<SourceFile>, limits: CollectLimits): void {
    let bytesLeft = limits.maxBytes;
    for (const file of files) {
      const { path } = file;
      while (bytesLeft > 0) {
        const cursor = this.getCursor(path);
        if (isUnchanged(file, cursor)) break;
        const options = { maxBytes: Math.min(bytesLeft, CHUNK_BYTES), source: this.#source };
        const storedBytes = this.#expected.get(path) ?? null;
        const read = readBatch(file, cursor, storedBytes, options, (error) => {
          this.unreadable.set(path, error);
        });
        if (read === null) break;
        this.batches.push(read.batch);
        this.#cursors.set(path, read.next);
        this.#expected.set(path, read.batch.toBytes);
        bytesLeft -= read.batch.toBytes - read.batch.fromBytes;
        if (!read.hasMore || Date.now() > limits.deadlineMs) break;
      }
    }
  }

  /** The cursor from which a transcript is read next. */
  getCursor(path: string): TranscriptCursor | null {
    const cached = this.#cursors.get(path);
    if (cached !== undefined) return cached;
    const stored = this.#writer?.getCursor(path) ?? null;
    this.#expected.set(path, stored?.cursorBytes ?? null);
    const storedBytes = this.#writer === null ? null : (stored?.cursorBytes ?? 0);
    const spooled = this.#spool.lastBatchBehind(path, storedBytes);
    const cursor = spooled === null ? stored : cursorAfter(spooled);
    this.#cursors.set(path, cursor);
    return cursor;
  }

  /** Forgets a transcript whose cursor another process has moved, so that it is read again. */
  forget(path: string): void {
    this.#cursors.delete(path);
    this.#expected.delete(path);
  }
}

export function statOrNull(path: string): Stats | null {
  try {
    return statSync(path, { throwIfNoEntry: false }) ?? null;
  } catch {
    // A link to itself, or a folder that may not be entered: reading the file would fail too.
    return null;
  }
}

/** Cheaper than opening the file: appending always changes at least one of these. */
export function isUnchanged({ source, path }: SourceFile, mark: FileMark | null): boolean {
  // A table's new rows are in another file.
  if (mark === null || source.kind === 'table') return false;
  if (source.kind === 'lines' && mark.cursorBytes !== mark.sizeBytes) return false;
  const stat = statOrNull(path);
  return (
    stat !== null &&
    stat.size === mark.sizeBytes &&
    stat.mtimeMs === mark.modifiedAtMs &&
    `${stat.dev}:${stat.ino}` === mark.identity
  );
}
