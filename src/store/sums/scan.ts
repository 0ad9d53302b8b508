import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { toErrorMessage } from '../../core/lang/message-of.ts';
import type { Ledger } from '../connection/open.ts';
import { type ScanTask, scanPart } from './scan-task.ts';
import { RowMerger, type RowShape, type SqlRow } from './summed-row.ts';

/** How far a question that reads rows has come. */
export type OnProgress = (doneRows: number, ofRows: number) => void;

/** What a thread is given, and what it says: now and then how far it is, at last what it found. */
export interface ThreadWork {
  path: string;
  task: ScanTask;
}
export type ScanMessage = { readRows: number } | { rows: SqlRow[] } | { failure: string };

/** From so many rows on, threads are worth their start. */
const THREADS_FROM_ROWS = 300_000;
/** More than this wait for each other's pages rather than for a processor. */
const MAX_THREADS = 4;

/**
 * Reads all rows in stretches, with as many threads as there are processors.
 * @param sql takes the values, then the stretch: after which `seq`, and up to which
 */
export async function scanRows(
  db: Ledger,
  sql: string,
  values: unknown[],
  shape: RowShape,
  onProgress: OnProgress,
  threadsFromRows = THREADS_FROM_ROWS,
): Promise<SqlRow[]> {
  const found = db.prepare('SELECT max(seq) FROM cost_records').pluck().get() as number | null;
  const lastSeq = found ?? 0;
  const file = lastSeq < threadsFromRows || db.memory ? null : threadFile();
  const parts = file === null ? 1 : Math.min(availableParallelism(), MAX_THREADS);
  const task = { sql, values, shape, lastSeq, parts };
  const read = Array.from({ length: parts }, () => 0);
  const tell = (part: number, rows: number): void => {
    read[part] = rows;
    const sum = read.reduce((total, count) => total + count, 0);
    onProgress(Math.min(sum, lastSeq), lastSeq);
  };
  if (file === null) return scanPart(db, { ...task, part: 0 }, (rows) => tell(0, rows));
  const shares = read.map((_, part) =>
    runThread(file, { path: db.name, task: { ...task, part } }, (rows) => tell(part, rows)),
  );
  const merger = new RowMerger(shape);
  // All of them, also where one fails: each holds the ledger open until it ends.
  const ended = await Promise.allSettled(shares);
  for (const share of ended) {
    if (share.status === 'rejected') throw share.reason;
    merger.add(share.value);
  }
  return merger.rows();
}

function runThread(
  file: string,
  workerData: ThreadWork,
  tell: (rows: number) => void,
): Promise<SqlRow[]> {
  return new Promise((resolve, reject) => {
    const thread = new Worker(file, { workerData });
    let last: ScanMessage = { failure: 'a thread ended without a word' };
    thread.on('message', (word: ScanMessage) => {
      if ('readRows' in word) tell(word.readRows);
      else last = word;
    });
    thread.on('error', (error) => (last = { failure: toErrorMessage(error) }));
    // Not before: until then it holds the ledger open.
    thread.on('exit', () => {
      if ('rows' in last) resolve(last.rows);
      else reject(new Error('failure' in last ? last.failure : ''));
    });
  });
}

/** Beside the built program, or in its folder when this runs from the sources; null: not built. */
function threadFile(): string | null {
  const name = 'scan-worker.cjs';
  const places = [
    join(import.meta.dirname, name),
    join(import.meta.dirname, '../../../dist', name),
  ];
  return places.find((place) => existsSync(place)) ?? null;
}
