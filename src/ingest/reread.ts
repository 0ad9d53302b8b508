import type { Agent } from '../agents/types.ts';
import type { PriceTable } from '../pricing/price-table.ts';
import { allTranscripts } from '../sources/transcripts/tree.ts';
import { selectFamily } from '../store/budgets/spend.ts';
import { type Reread, reread } from '../store/verify/lost-records.ts';
import { openLedger } from '../store/connection/open.ts';
import { transcriptPaths } from '../store/verify/transcripts.ts';
import { withArchives } from './import.ts';
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
      const recorded = transcriptPaths(db);
      if (sessions === null) {
        return freshLedger(agent, prices, folders, { ...progress, alsoPaths: recorded });
      }
      const families = new Set(sessions.flatMap((id) => [id, ...selectFamily(db, id)]));
      const all = [
        ...folders.flatMap((folder) => allTranscripts(withArchives(agent), folder)),
        ...recorded,
      ];
      // Subagent files of old versions of Claude Code do not name their session.
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
