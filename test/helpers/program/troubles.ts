import { spawnSync } from 'node:child_process';
import {
  chownSync,
  closeSync,
  mkdirSync,
  openSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { type Home, openFile } from '../home.ts';
import { hookFile } from './run.ts';
import { SCHEMA_NUMBER } from '../../../src/store/migrations/index.ts';

/** A problem of a ledger; `start` returns a function that ends it. */
export interface Trouble {
  name: string;
  start: (home: Home) => () => void;
  /** What the hook writes to hook.log about it at each event. */
  problem: string;
}

/** Folds the ledger's log back into its file, as closing it does. */
export function fold(home: Home): void {
  new Database(home.ledger).exec('PRAGMA wal_checkpoint(TRUNCATE)').close();
}

function locked(begin: string) {
  return (home: Home): (() => void) => {
    const db = openFile(home.ledger).exec(begin);
    // The lock of the exclusive locking mode is held after the transaction.
    return () => void db.exec('ROLLBACK').close();
  };
}

/** Moves the ledger away, puts something else in its place, and later moves it back. */
function replaced(put: (path: string) => void) {
  return (home: Home): (() => void) => {
    fold(home);
    renameSync(home.ledger, `${home.ledger}.kept`);
    put(home.ledger);
    return () => {
      for (const end of ['', '-wal', '-shm']) {
        rmSync(home.ledger + end, { recursive: true, force: true });
      }
      renameSync(`${home.ledger}.kept`, home.ledger);
    };
  };
}

function setSchema(home: Home, number: number): number {
  const db = new Database(home.ledger);
  const before = db.pragma('user_version', { simple: true }) as number;
  db.pragma(`user_version = ${number}`);
  db.close();
  return before;
}

/** Problems of an existing ledger that end without data loss. */
export const TROUBLES: Trouble[] = [
  {
    name: 'locked by a writer',
    start: locked('BEGIN IMMEDIATE'),
    problem: 'SQLITE_BUSY database is locked',
  },
  {
    name: 'locked by BEGIN EXCLUSIVE',
    start: locked('BEGIN EXCLUSIVE'),
    problem: 'SQLITE_BUSY database is locked',
  },
  {
    name: 'locked for readers too',
    start: locked('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE'),
    problem: 'SQLITE_BUSY database is locked',
  },
  {
    name: 'a file of garbage',
    start: replaced((path) => writeFileSync(path, 'no database at all\n'.repeat(1000))),
    problem: 'SQLITE_NOTADB file is not a database',
  },
  {
    name: 'a folder',
    start: replaced((path) => mkdirSync(path)),
    problem: '~/.local/share/tallyhook/telemetry.db is not a regular file',
  },
  {
    name: 'a newer one',
    start: (home) => {
      const before = setSchema(home, 999);
      return () => void setSchema(home, before);
    },
    problem: `~/.local/share/tallyhook/telemetry.db has schema 999, this version of tallyhook supports up to ${SCHEMA_NUMBER}`,
  },
];

/** Overwrites pages in the middle of the ledger, so that its header still looks intact. */
export function spoilPages(home: Home): void {
  fold(home);
  const pages = Math.floor(statSync(home.ledger).size / 4096);
  const fd = openSync(home.ledger, 'r+');
  writeSync(fd, Buffer.alloc(4096 * (pages - 6), 0xa5), 0, 4096 * (pages - 6), 4096 * 5);
  closeSync(fd);
}

/** The complete content of the ledger, to show that it was not changed. */
export function ledgerBytes(home: Home): Buffer {
  return readFileSync(home.ledger);
}

/** A user whom file modes restrict: they do not restrict root, so as root the hook runs as nobody. */
export function boundUser(home: Home): { uid?: number } | null {
  if (process.getuid?.() !== 0) return {};
  const uid = 65534;
  for (const name of ['.', ...(readdirSync(home.folder, { recursive: true }) as string[])]) {
    chownSync(join(home.folder, name), uid, uid);
  }
  const script = `require('node:fs').accessSync(${JSON.stringify(hookFile)})`;
  const canRun = spawnSync(process.execPath, ['-e', script], { uid, gid: uid }).status === 0;
  if (!canRun) console.log('skipped: root ignores modes, and nobody may not read the hook here');
  return canRun ? { uid } : null;
}
