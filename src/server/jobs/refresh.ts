import { DEFAULT_AGENT } from '../../agents/registry.ts';
import { importTranscripts } from '../../ingest/import.ts';
import { spoolFolder } from '../../sources/machine/paths.ts';
import { projectsFolders } from '../../sources/transcripts/folders.ts';
import { Spool } from '../../store/ingest/spool.ts';
import type { WorkerContext } from '../workers/context.ts';

/** Long enough to get the lock between the writes of hooks; hooks get it between the batches of an import. */
const BUSY_TIMEOUT_MS = 5000;

/**
 * Reads what is new in the transcripts, as every reporting command does first.
 * @throws SQLite's own error if the ledger can't be written
 */
export function refreshLedger(worker: WorkerContext): void {
  const path = worker.ledgerPath;
  const folders = projectsFolders(worker.env);
  const spool = new Spool(spoolFolder(path));
  const db = worker.acquire(path, BUSY_TIMEOUT_MS);
  try {
    importTranscripts(DEFAULT_AGENT, worker.writer(db, worker.prices), spool, folders);
  } finally {
    worker.release(db);
  }
}
