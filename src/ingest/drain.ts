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
    try {
      writer.write(work);
      spool.remove(name);
    } catch (error) {
      if (isLedgerTrouble(error)) throw error;
      spool.setAside(name);
    }
    if (Date.now() > deadlineMs) return;
  }
}

/** Whether the ledger is at fault; otherwise the spooled work is, and would be for ever. */
function isLedgerTrouble(error: unknown): boolean {
  const code = error instanceof Error ? (error as { code?: unknown }).code : undefined;
  if (typeof code !== 'string' || !code.startsWith('SQLITE_')) return false;
  return !/^SQLITE_(?:CONSTRAINT|MISMATCH|RANGE|TOOBIG)/.test(code);
}
