import { AGENTS } from '../../agents/registry.ts';
import { importTranscripts } from '../../ingest/import.ts';
import { spoolFolder } from '../../sources/machine/paths.ts';
import { searchPlaces } from '../../sources/transcripts/places.ts';
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
  const { places } = searchPlaces(AGENTS, worker.env);
  const spool = new Spool(spoolFolder(path));
  const db = worker.acquire(path, BUSY_TIMEOUT_MS);
  try {
    importTranscripts(worker.writer(db, worker.prices), spool, places);
  } finally {
    worker.release(db);
  }
}
