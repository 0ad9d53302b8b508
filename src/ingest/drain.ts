import type { Spool } from '../store/ingest/spool.ts';
import type { LedgerWriter } from '../store/ingest/writer.ts';

/** What the system says of itself, not of a path. */
const PASSING_CODES = new Set(
  'EAGAIN EBUSY EDQUOT EINTR EIO EMFILE ENFILE ENOMEM ENOSPC EROFS'.split(' '),
);

/**
 * Writes what waits in the spool, oldest first. Writing twice is harmless, so two processes may
 * drain it at once.
 * @throws SQLite's own error where the ledger can't be written; the rest stays in the spool
 */
export function drainSpool(spool: Spool, writer: LedgerWriter, deadlineMs: number): void {
  for (const name of spool.names()) {
    const read = spool.read(name);
    if (read.kind === 'unreadable') spool.setAside(name);
    if (read.kind !== 'work') continue;
    try {
      writer.write(read.work);
      spool.remove(name);
    } catch (error) {
      if (isPassing(error)) throw error;
      spool.setAside(name);
    }
    if (Date.now() > deadlineMs) return;
  }
}

/** Whether the ledger or the system is at fault; otherwise the spooled work is, and would be for ever. */
function isPassing(error: unknown): boolean {
  const code = error instanceof Error ? (error as { code?: unknown }).code : undefined;
  if (typeof code !== 'string') return false;
  if (PASSING_CODES.has(code)) return true;
  if (!code.startsWith('SQLITE_')) return false;
  return !/^SQLITE_(?:CONSTRAINT|MISMATCH|RANGE|TOOBIG)/.test(code);
}
