import type { UnreadPath } from '../core/transcript/unread.ts';
import type { PriceTable } from '../pricing/price-table.ts';
import type { SearchPlace } from '../sources/transcripts/places.ts';
import { type Ledger, openLedger } from '../store/connection/open.ts';
import { Spool } from '../store/ingest/spool.ts';
import { LedgerWriter } from '../store/ingest/writer.ts';
import { type ImportOptions, importTranscripts } from './import.ts';

/**
 * A ledger built only from the transcripts that exist, in an unnamed temporary file that SQLite deletes
 * when it is closed or when the process ends for any reason.
 */
export function freshLedger(
  prices: PriceTable,
  places: readonly SearchPlace[],
  options: ImportOptions & { onUnread?: (unread: UnreadPath[]) => void },
): Ledger {
  const db = openLedger('', { busyTimeoutMs: 5000, cacheKilobytes: 64 * 1024 });
  // Project folders are not compared, so they are not looked up.
  const writer = new LedgerWriter(db, prices, (cwd) => ({ root: cwd, name: cwd }));
  const { unread } = importTranscripts(writer, new Spool(''), places, options);
  options.onUnread?.(unread);
  return db;
}
