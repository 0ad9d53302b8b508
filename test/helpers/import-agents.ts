import { AGENTS } from '../../src/agents/registry.ts';
import { importTranscripts } from '../../src/ingest/import.ts';
import { spoolFolder } from '../../src/sources/machine/paths.ts';
import { searchPlaces } from '../../src/sources/transcripts/places.ts';
import { openLedger } from '../../src/store/connection/open.ts';
import { Spool } from '../../src/store/ingest/spool.ts';
import type { Home } from './home.ts';
import { callsOf, recordsOf, writerOf } from './ledger.ts';

/** Reads all agents' files of a home into a ledger, and returns what must not depend on when. */
export function importAgents(home: Home, ledger: string): { records: unknown[]; calls: unknown[] } {
  const db = openLedger(ledger, { busyTimeoutMs: 5000 });
  try {
    const { places } = searchPlaces(AGENTS, home.env);
    importTranscripts(writerOf(db), new Spool(spoolFolder(ledger)), places);
    return { records: recordsOf(db), calls: callsOf(db).map(withoutDuration) };
  } finally {
    db.close();
  }
}

/** Qwen Code's event times the tool alone, its chat also what came before it; the event's time is kept. */
function withoutDuration(call: unknown): unknown {
  return { ...(call as object), duration_ms: null };
}
