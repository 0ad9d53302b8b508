import { DEFAULT_AGENT } from '../../agents/registry.ts';
import { importTranscripts } from '../../ingest/import.ts';
import { projectsFolders, spoolFolder } from '../../sources/machine/paths.ts';
import { Spool } from '../../store/ingest/spool.ts';
import type { WorkerContext } from '../workers/context.ts';

/** Hooks get in between the batches of an import; it gets in between hooks. */
const BUSY_TIMEOUT_MS = 5000;

/**
 * Reads what is new in the transcripts, as every reading command does first.
 * @throws SQLite's own error where the ledger can't be written
 */
export function refreshLedger(desk: WorkerContext): void {
  const path = desk.ledgerPath;
  const folders = projectsFolders(desk.env);
  const spool = new Spool(spoolFolder(path));
  const db = desk.acquire(path, BUSY_TIMEOUT_MS);
  try {
    importTranscripts(DEFAULT_AGENT, desk.writer(db, desk.prices), spool, folders);
  } finally {
    desk.release(db);
  }
}
