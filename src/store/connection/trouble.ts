import { statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import { toErrorMessage } from '../../core/lang/message-of.ts';
import { findPlaceTrouble } from './place.ts';
import { ForeignLedgerError, NewerLedgerError } from './open.ts';

/** Why the ledger can't be used, and what to do. */
export interface LedgerTrouble {
  message: string;
  /** The part of the message after the ledger's name. */
  reason: string;
  remedy: string;
}

/**
 * Explains to the user why the ledger can't be used: an error of SQLite, of loading its addon, or of the
 * file system at the ledger's path.
 * @returns null for any other error
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
  const addon = addonTrouble(error);
  if (addon !== null) return addon;
  const code = ledgerErrorCode(error, path);
  if (code === null) return null;
  const place = PLACE_CODES.test(code) ? findPlaceTrouble(path) : null;
  if (place !== null) {
    return { message: `the ledger ${path} can't be written: ${place.reason}`, ...place };
  }
  const cause = isDiskFull(path) && !isDamage(code) ? 'SQLITE_FULL' : code;
  const [, what, remedy] = CAUSES.find(([pattern]) => pattern.test(cause)) ?? UNKNOWN;
  const reason = FULL.test(cause) ? 'the disk is full' : message;
  return { message: `${what(path)} (${message})`, reason, remedy: remedy(path) };
}

/** What may be due to the file, its folders or their file system. */
const PLACE_CODES =
  /^(?:SQLITE_(?:CANTOPEN|READONLY|IOERR|PERM)|E(?:ACCES|PERM|ROFS|NOTDIR|EXIST)|NOT_A_FILE)/;
const FULL = /^(?:SQLITE_FULL|ENOSPC|EDQUOT)/;

/** The addon is compiled for one version of Node: it may be missing, or be another version's. */
function addonTrouble(error: unknown): LedgerTrouble | null {
  if (!(error instanceof Error)) return null;
  const { message: text, code } = error as NodeJS.ErrnoException;
  const isMissing =
    (code === 'MODULE_NOT_FOUND' && /better.sqlite3/.test(text)) ||
    text.startsWith('Could not locate the bindings file');
  if (code !== 'ERR_DLOPEN_FAILED' && !isMissing) return null;
  const [first, second] = [...text.matchAll(/NODE_MODULE_VERSION (\d+)/g)].map(([, n]) => n);
  const detail =
    first !== undefined && second !== undefined
      ? `was compiled for another Node (module version ${first}, this one needs ${second})`
      : isMissing
        ? `for Node ${process.version} is missing`
        : `can't be loaded: ${text.trim().split('\n')[0]}`;
  const reason = `the SQLite addon ${detail}`;
  const remedy = `Run npm rebuild better-sqlite3 where tallyhook is installed, with ${process.execPath} first on PATH; tallyhook doctor prints the whole command.`;
  return { message: reason, reason, remedy };
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
    FULL,
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

/** The code of an error of SQLite, or of the file system at the ledger's path; null for any other. */
function ledgerErrorCode(error: unknown, path: string): string | null {
  if (!(error instanceof Error)) return null;
  const { code, path: at } = error as NodeJS.ErrnoException;
  if (code === undefined) {
    const isLedger = error.message === `${path} is not a regular file`;
    return isLedger ? 'NOT_A_FILE' : null;
  }
  if (code.startsWith('SQLITE_')) return code;
  const isAtLedger = at !== undefined && (at.startsWith(path) || path.startsWith(`${at}/`));
  return isAtLedger ? code : null;
}
