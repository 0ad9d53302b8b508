// A thread that reads its part of the ledger's rows. Started by scan.ts, and bundled as a separate file.
import { parentPort, workerData } from 'node:worker_threads';
import { toErrorMessage } from '../../core/lang/message-of.ts';
import { openLedger } from '../connection/open.ts';
import type { ThreadWork, ScanMessage } from './scan.ts';
import { scanPart } from './scan-task.ts';

const { path, task } = workerData as ThreadWork;
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread's port, not a window's
const send = (message: ScanMessage): void => parentPort?.postMessage(message);
try {
  const db = openLedger(path, { busyTimeoutMs: 5000, readonly: true });
  send({ rows: scanPart(db, task, (rows) => send({ readRows: rows })) });
  db.close();
} catch (error) {
  // SQLite's own errors lose their message when they are sent between threads.
  send({ failure: toErrorMessage(error) });
}
