import { statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import { toErrorMessage } from '../../core/lang/message-of.ts';
import { ForeignLedgerError, NewerLedgerError } from './open.ts';

/** Why the ledger can't be used, and what to do. */
export interface LedgerTrouble {
  message: string;
  /** The part of the message after the ledger's name. */
  reason: string;
  remedy: string;
}

/**
 * Explains SQLite's error to the user.
 * @returns null for an error that is not from SQLite
 */
export function explainLedgerTrouble(error: unknown, path: string): LedgerTrouble | null {
  const message = toErrorMessage(error);
  if (error instanceof NewerLedgerError) {
    return { message, reason: message, remedy: 'npm install -g tallyhook@latest' };
  }
  if (error instanceof ForeignLedgerError) {
    const remedy = 'Set TELEMETRY_DB_PATH, or telemetry.path in the settings, to another file.';
    return { message, reason: message, remedy };
  }
  const code = getSqliteCode(error);
  if (code === null) return null;
  const cause = isDiskFull(path) && !isDamage(code) ? 'SQLITE_FULL' : code;
  const [, what, remedy] = CAUSES.find(([pattern]) => pattern.test(cause)) ?? UNKNOWN;
  const reason = cause === 'SQLITE_FULL' ? 'the disk is full' : message;
  return { message: `${what(path)} (${message})`, reason, remedy: remedy(path) };
}

/** The write-ahead log's index takes 32 kB, and a page of the log is added. */
const MIN_FREE_BYTES = 64 * 1024;

type Cause = [code: RegExp, what: (path: string) => string, remedy: (path: string) => string];

function moveAway(path: string): string {
  return `Move it away (mv ${path} ${path}.damaged) and run tallyhook import: transcripts that still exist are read again.`;
}

const CAUSES: Cause[] = [
  [/^SQLITE_(?:CORRUPT|NOTADB)/, (path) => `the ledger ${path} is damaged`, moveAway],
  [
    /^SQLITE_ERROR/,
    (path) => `the ledger ${path} does not have the tables of this version`,
    moveAway,
  ],
  [
    /^SQLITE_FULL/,
    (path) => `the disk is full: ${path} can't be written`,
    () => 'Free some space and run this again.',
  ],
  [
    /^SQLITE_(?:BUSY|LOCKED)/,
    (path) => `the ledger ${path} is locked by another program`,
    () => 'Run this again when that program has finished.',
  ],
];

const UNKNOWN: Cause = [
  /./,
  (path) => `the ledger ${path} can't be read or written`,
  (path) => `Check the owner and mode of the file and its folder (ls -l ${path}), and the disk.`,
];

function isDamage(code: string): boolean {
  return /^SQLITE_(?:CORRUPT|NOTADB|ERROR)/.test(code);
}

/** SQLite reports a full disk as an I/O error if the log's index does not fit any more. */
function isDiskFull(path: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(dirname(path));
    return bavail * bsize < MIN_FREE_BYTES;
  } catch {
    return false;
  }
}

function getSqliteCode(error: unknown): string | null {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  return typeof code === 'string' && code.startsWith('SQLITE_') ? code : null;
}
