import { chmodSync, mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type Database from 'better-sqlite3';
import { SCHEMA_NUMBER, migrations } from '../migrations/index.ts';
import type { Migration } from '../migrations/migration.ts';
import { makePrivately } from './private-files.ts';
import { connect } from './sqlite.ts';

export type Ledger = Database.Database;

/** The ledger was written by a newer version of tallyhook; it was not modified. */
export class NewerLedgerError extends Error {
  constructor(path: string, schema: number, supported: number) {
    super(
      `${path} has schema ${schema}, this version of tallyhook supports up to ${supported}: update tallyhook`,
    );
    this.name = 'NewerLedgerError';
  }
}

/** The file is an SQLite database of another program; it was not modified. */
export class ForeignLedgerError extends Error {
  constructor(path: string) {
    super(`${path} is a database of another program`);
    this.name = 'ForeignLedgerError';
  }
}

/** `tall` in the file's header: https://www.sqlite.org/pragma.html#pragma_application_id */
const APPLICATION_ID = 0x74616c6c;

/** A bit of a file's mode. */
const OWNER_WRITES = 0o200;

export interface OpenOptions {
  /** How long a statement waits for another writer, milliseconds. */
  busyTimeoutMs: number;
  readonly?: boolean;
  /**
   * Memory for pages, kilobytes. SQLite's default of 2 MB is enough for a hook; an import touches far
   * more.
   */
  cacheKilobytes?: number;
  /** The steps that create the schema; by default this program's. */
  migrations?: readonly Migration[];
}

/**
 * Opens the ledger, and creates or migrates it if necessary. New files get mode 0600, new folders 0700.
 * @throws NewerLedgerError, ForeignLedgerError, or SQLite's own error (locked, corrupt, not a database,
 * read-only)
 */
export function openLedger(path: string, options: OpenOptions): Ledger {
  checkFiles(path, options.readonly !== true);
  if (options.readonly === true) return open(path, options);
  return makePrivately(() => {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    return open(path, options);
  });
}

/**
 * Refuses files that SQLite would wait for, such as a named pipe. SQLite also gives the write-ahead log
 * and its index the ledger's mode: if they were created while it was read-only they would stay
 * read-only, and the ledger could never be written again.
 */
function checkFiles(path: string, isWriting: boolean): void {
  const files = ['', '-wal', '-shm', '-journal'].map((suffix) => {
    const file = path + suffix;
    const stat = statSync(file, { throwIfNoEntry: false });
    if (stat !== undefined && !stat.isFile()) throw new Error(`${file} is not a regular file`);
    return { file, mode: stat?.mode ?? null };
  });
  const [ledger, ...companions] = files;
  const mode = ledger?.mode ?? 0;
  if (!isWriting || (mode & OWNER_WRITES) === 0) return;
  for (const companion of companions) {
    if (companion.mode !== null && (companion.mode & OWNER_WRITES) === 0) {
      chmodSync(companion.file, mode & 0o777);
    }
  }
}

function open(path: string, options: OpenOptions): Ledger {
  const db = connect(path, {
    timeout: options.busyTimeoutMs,
    readonly: options.readonly ?? false,
    fileMustExist: options.readonly ?? false,
  });
  try {
    prepare(db, path, options);
  } catch (error) {
    db.close();
    throw error;
  }
  return db;
}

/** @throws NewerLedgerError if another program has migrated the ledger since it was opened */
export function refuseNewer(db: Ledger, path: string): void {
  const schema = schemaNumber(db);
  if (schema > SCHEMA_NUMBER) throw new NewerLedgerError(path, schema, SCHEMA_NUMBER);
}

function prepare(db: Ledger, path: string, options: OpenOptions): void {
  const schema = schemaNumber(db);
  refuseForeign(db, path, schema);
  const steps = options.migrations ?? migrations;
  if (schema > steps.length) throw new NewerLedgerError(path, schema, steps.length);
  if (options.readonly === true) {
    if (schema === 0) throw new Error(`${path} is not a tallyhook ledger`);
    if (schema < steps.length) {
      throw new Error(
        `it has schema ${schema} and must be writable once to be upgraded to schema ${steps.length}`,
      );
    }
    return;
  }
  // Only a new file needs this: the WAL mode is stored in the file.
  if (schema === 0) switchToWal(db, options.busyTimeoutMs);
  // With WAL a power cut can lose the last commits but never the file's integrity. The cursors are lost
  // with them, so the lines are read again.
  db.pragma('synchronous = NORMAL');
  db.pragma('foreign_keys = ON');
  if (options.cacheKilobytes !== undefined) {
    db.pragma(`cache_size = -${options.cacheKilobytes}`);
    // 16 MB of log: an import writes the same index pages repeatedly.
    db.pragma('wal_autocheckpoint = 4000');
  }
  // Enough for the write of one cursor, and far below the size to which a slow reader could let the log
  // grow.
  db.pragma('journal_size_limit = 8388608');
  if (schema < steps.length) migrate(db, steps);
}

/** A new ledger is an empty file; any other file must have a ledger's application id. */
function refuseForeign(db: Ledger, path: string, schema: number): void {
  if (schema === 0) {
    const tables = db.prepare('SELECT count(*) FROM sqlite_schema').pluck().get();
    // Checked again: another process may have created the ledger between the two queries.
    if (tables !== 0 && schemaNumber(db) === 0) throw new ForeignLedgerError(path);
    return;
  }
  if (db.pragma('application_id', { simple: true }) !== APPLICATION_ID) {
    throw new ForeignLedgerError(path);
  }
}

/**
 * Two hooks may create the ledger at the same moment. SQLite does not wait for the other one here,
 * whatever its timeout is.
 */
function switchToWal(db: Ledger, timeoutMs: number): void {
  const until = Date.now() + timeoutMs;
  for (;;) {
    try {
      db.pragma('journal_mode = WAL');
      return;
    } catch (error) {
      const { code } = error as { code?: string };
      if (code !== 'SQLITE_BUSY' || Date.now() > until) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
}

function schemaNumber(db: Ledger): number {
  return db.pragma('user_version', { simple: true }) as number;
}

function migrate(db: Ledger, steps: readonly Migration[]): void {
  db.transaction(() => {
    // Checked again while holding the lock: another process may have migrated in the meantime.
    for (const migration of steps.slice(schemaNumber(db))) {
      db.exec(migration.sql);
      db.pragma(`user_version = ${migration.number}`);
    }
    db.pragma(`application_id = ${APPLICATION_ID}`);
    db.prepare(`INSERT OR IGNORE INTO meta VALUES ('ledger_id', hex(randomblob(16)))`).run();
  }).immediate();
}
