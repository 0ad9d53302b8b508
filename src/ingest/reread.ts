import { agentNamed } from '../agents/registry.ts';
import type { PriceTable } from '../pricing/price-table.ts';
import {
  type SearchPlace,
  type SourceFile,
  filesIn,
  knownFile,
} from '../sources/transcripts/places.ts';
import { selectFamily } from '../store/budgets/spend.ts';
import { type Reread, reread } from '../store/verify/lost-records.ts';
import { type Ledger, openLedger } from '../store/connection/open.ts';
import { filesRead } from '../store/verify/transcripts.ts';
import { freshLedger } from './fresh-ledger.ts';

export interface RereadOptions {
  ledgerPath: string;
  /**
   * Reads only the transcripts of these sessions and of sessions that share requests with them; null: of
   * all.
   */
  sessions: readonly string[] | null;
  onProgress?: (doneFiles: number, ofFiles: number) => void;
  /** Called between reading and comparing. */
  onRead?: () => void;
}

/** Reads the existing transcripts again, and finds what is missing in the ledger. */
export function rereadTranscripts(
  prices: PriceTable,
  places: readonly SearchPlace[],
  options: RereadOptions,
): Reread {
  const { ledgerPath, sessions, onProgress, onRead } = options;
  const db = openLedger(ledgerPath, { busyTimeoutMs: 5000, readonly: true });
  const fresh = (() => {
    try {
      const progress = onProgress === undefined ? {} : { onProgress };
      const recorded = recordedFiles(db);
      if (sessions === null) {
        return freshLedger(prices, places, { ...progress, alsoFiles: recorded });
      }
      const families = new Set(sessions.flatMap((id) => [id, ...selectFamily(db, id)]));
      // Files that do not name their session may be of any.
      const alsoFiles = [...filesIn(places), ...recorded].filter(({ source, path }) => {
        const { sessionId } = source.locate(path);
        return sessionId === '' || families.has(sessionId);
      });
      return freshLedger(prices, [], { ...progress, alsoFiles });
    } finally {
      db.close();
    }
  })();
  try {
    onRead?.();
    return reread(fresh, ledgerPath);
  } finally {
    fresh.close();
  }
}

/** The files that the ledger has read, as far as an agent still reads them. */
export function recordedFiles(db: Ledger): SourceFile[] {
  return filesRead(db).flatMap(({ path, client }) => knownFile(agentNamed(client), path) ?? []);
}
