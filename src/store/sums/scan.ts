import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { toErrorMessage } from '../../core/lang/message-of.ts';
import type { Ledger } from '../connection/open.ts';
import { type ScanTask, scanPart } from './scan-task.ts';
import { RowMerger, type RowShape, type SqlRow } from './summed-row.ts';

/** Progress of a query that reads rows. */
export type OnProgress = (doneRows: number, ofRows: number) => void;

/** The input of a thread. Its messages are its progress, and finally its result or an error. */
export interface ThreadWork {
  path: string;
  task: ScanTask;
}
export type ScanMessage = { readRows: number } | { rows: SqlRow[] } | { failure: string };

/** From this number of rows on, threads are worth the time they take to start. */
const THREADS_FROM_ROWS = 300_000;
/** More threads than this wait for each other's pages rather than for a processor. */
const MAX_THREADS = 4;

/**
 * Reads all rows in chunks, with as many threads as there are processors.
 * @param sql its values are those given here, then the limits of the chunk: after one `seq`, and up to
 * another
 */
export async function scanRows(
  db: Ledger,
  sql: string,
  values: unknown[],
  shape: RowShape,
  onProgress: OnProgress,
  threadsFromRows = THREADS_FROM_ROWS,
): Promise<SqlRow[]> {
  const highest = db.prepare('SELECT max(seq) FROM cost_records').pluck().get() as number | null;
  const lastSeq = highest ?? 0;
  const file = lastSeq < threadsFromRows || db.memory ? null : threadFile();
  const parts = file === null ? 1 : Math.min(availableParallelism(), MAX_THREADS);
  const task = { sql, values, shape, lastSeq, parts };
  const read = Array.from({ length: parts }, () => 0);
  const report = (part: number, rows: number): void => {
    read[part] = rows;
    const sum = read.reduce((total, count) => total + count, 0);
    onProgress(Math.min(sum, lastSeq), lastSeq);
  };
  if (file === null) return scanPart(db, { ...task, part: 0 }, (rows) => report(0, rows));
  const shares = read.map((_, part) =>
    runThread(file, { path: db.name, task: { ...task, part } }, (rows) => report(part, rows)),
  );
  const merger = new RowMerger(shape);
  // Waits for all of them even if one fails, because each holds the ledger open until it ends.
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
  onRead: (rows: number) => void,
): Promise<SqlRow[]> {
  return new Promise((resolve, reject) => {
    const thread = new Worker(file, { workerData });
    let last: ScanMessage = { failure: 'a worker thread ended without a result' };
    thread.on('message', (message: ScanMessage) => {
      if ('readRows' in message) onRead(message.readRows);
      else last = message;
    });
    thread.on('error', (error) => (last = { failure: toErrorMessage(error) }));
    // Not earlier: until then it holds the ledger open.
    thread.on('exit', () => {
      if ('rows' in last) resolve(last.rows);
      else reject(new Error('failure' in last ? last.failure : ''));
    });
  });
}

/** Next to the built program, or in `dist` when this runs from the sources; null: not built. */
function threadFile(): string | null {
  const name = 'scan-worker.cjs';
  const places = [
    join(import.meta.dirname, name),
    join(import.meta.dirname, '../../../dist', name),
  ];
  return places.find((place) => existsSync(place)) ?? null;
}
