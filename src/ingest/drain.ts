import type { Spool } from '../store/ingest/spool.ts';
import type { LedgerWriter } from '../store/ingest/writer.ts';

/** Errors of the system rather than of a particular path. */
const TRANSIENT_CODES = new Set(
  'EAGAIN EBUSY EDQUOT EINTR EIO EMFILE ENFILE ENOMEM ENOSPC EROFS'.split(' '),
);

/**
 * Writes the work in the spool to the ledger, oldest first. Writing twice is harmless, so two processes
 * may drain it at once.
 * @throws SQLite's own error if the ledger can't be written; the rest stays in the spool
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
      if (isTransient(error)) throw error;
      spool.setAside(name);
    }
    if (Date.now() > deadlineMs) return;
  }
}

/**
 * Whether the ledger or the system failed. Otherwise the spooled work itself is faulty, and would fail
 * again.
 */
function isTransient(error: unknown): boolean {
  const code = error instanceof Error ? (error as { code?: unknown }).code : undefined;
  if (typeof code !== 'string') return false;
  if (TRANSIENT_CODES.has(code)) return true;
  if (!code.startsWith('SQLITE_')) return false;
  return !/^SQLITE_(?:CONSTRAINT|MISMATCH|RANGE|TOOBIG)/.test(code);
}
