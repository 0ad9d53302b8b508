import type { Spool } from '../store/spool.ts';
import type { LedgerWriter } from '../store/writer.ts';

/**
 * Writes what waits in the spool, oldest first. Writing twice is harmless, so two processes may
 * drain it at once.
 * @throws SQLite's own error where the ledger can't be written; the rest stays in the spool
 */
export function drainSpool(spool: Spool, writer: LedgerWriter, deadlineMs: number): void {
  for (const name of spool.names()) {
    const work = spool.read(name);
    if (work === null) {
      spool.setAside(name);
      continue;
    }
    writer.write(work);
    spool.remove(name);
    if (Date.now() > deadlineMs) return;
  }
}
