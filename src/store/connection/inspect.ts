import { existsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { type Ledger, openLedger } from './open.ts';

/** The ledger as `doctor` opens it. Nothing is written, and no ledger is created. */
export type LedgerHealth =
  | { kind: 'none' }
  | { kind: 'unusable'; error: unknown }
  | { kind: 'open'; db: Ledger };

export function openForInspection(path: string, busyTimeoutMs: number): LedgerHealth {
  if (!existsSync(path)) return { kind: 'none' };
  try {
    return { kind: 'open', db: openLedger(path, { busyTimeoutMs, readonly: true }) };
  } catch (error) {
    return { kind: 'unusable', error };
  }
}

/** What SQLite reports as wrong with the file; null if nothing is. */
export function fileFault(db: Ledger): string | null {
  const result = String(db.pragma('quick_check(1)', { simple: true }));
  return result === 'ok' ? null : result;
}

/** The ledger's files that users other than the owner can read, and the folder if it is readable too. */
export function exposedFiles(path: string): string[] {
  if (process.platform === 'win32') return [];
  const own = [path, `${path}-wal`, `${path}-shm`].filter((file) => readMode(file) & 0o077);
  // If the ledger is directly in a shared folder, the folder may be open to others; the files are
  // private then.
  return own.length > 0 && readMode(dirname(path)) & 0o077 ? [dirname(path), ...own] : own;
}

function readMode(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mode ?? 0;
}

export interface LedgerTimes {
  /** When the last hook event arrived; null if none ever did. */
  lastEventAtMs: number | null;
  /** The time of the newest request; null if there is none. */
  lastRequestAtMs: number | null;
  requests: number;
}

export function ledgerTimes(db: Ledger): LedgerTimes {
  return db
    .prepare(
      `SELECT (SELECT max(arrived_at_ms) FROM
           (SELECT arrived_at_ms FROM hook_events ORDER BY id DESC LIMIT 1000)) AS lastEventAtMs,
         (SELECT max(last_at_ms) FROM sessions WHERE requests > 0) AS lastRequestAtMs,
         (SELECT coalesce(sum(requests), 0) FROM sessions) AS requests`,
    )
    .get() as LedgerTimes;
}
