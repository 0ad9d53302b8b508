import type { Agent } from '../agents/types.ts';
import type { PriceTable } from '../pricing/price-table.ts';
import { allTranscripts } from '../sources/transcripts/tree.ts';
import { selectFamily } from '../store/budgets/spend.ts';
import { type Reread, reread } from '../store/verify/lost-records.ts';
import { openLedger } from '../store/connection/open.ts';
import { transcriptPaths } from '../store/verify/transcripts.ts';
import { freshLedger } from './fresh-ledger.ts';

export interface RereadOptions {
  ledgerPath: string;
  /** Only transcripts of these, and of the sessions that share requests with them; null: of all. */
  sessions: readonly string[] | null;
  onProgress?: (doneFiles: number, ofFiles: number) => void;
  /** Called between reading and comparing. */
  onRead?: () => void;
}

/** Reads transcripts that still exist again, and looks for what the ledger has not of them. */
export function rereadTranscripts(
  agent: Agent,
  prices: PriceTable,
  folders: string[],
  options: RereadOptions,
): Reread {
  const { ledgerPath, sessions, onProgress, onRead } = options;
  const db = openLedger(ledgerPath, { busyTimeoutMs: 5000, readonly: true });
  const fresh = (() => {
    try {
      const progress = onProgress === undefined ? {} : { onProgress };
      const known = transcriptPaths(db);
      if (sessions === null) {
        return freshLedger(agent, prices, folders, { ...progress, alsoPaths: known });
      }
      const families = new Set(sessions.flatMap((id) => [id, ...selectFamily(db, id)]));
      const all = [...folders.flatMap((folder) => allTranscripts(agent, folder)), ...known];
      // Subagents of old clients do not say whose they are.
      const alsoPaths = all.filter((path) => {
        const { sessionId } = agent.locateTranscript(path);
        return sessionId === '' || families.has(sessionId);
      });
      return freshLedger(agent, prices, [], { ...progress, alsoPaths });
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
