// A thread that reads its share of the ledger's rows: started by row-scan.ts, built as a file of its own.
import { parentPort, workerData } from 'node:worker_threads';
import { toErrorMessage } from '../../core/lang/message-of.ts';
import { openLedger } from '../connection/open.ts';
import type { ThreadWork, ScanMessage } from './scan.ts';
import { scanPart } from './scan-task.ts';

const { path, task } = workerData as ThreadWork;
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread's port, not a window's
const say = (word: ScanMessage): void => parentPort?.postMessage(word);
try {
  const db = openLedger(path, { busyTimeoutMs: 5000, readonly: true });
  say({ rows: scanPart(db, task, (rows) => say({ readRows: rows })) });
  db.close();
} catch (error) {
  // SQLite's own errors lose their text on the way between threads.
  say({ failure: toErrorMessage(error) });
}
