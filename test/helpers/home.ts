import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { onTestFinished } from 'vitest';
import { closedEnvironment, hookFile } from './hook.ts';

export const cliFile = fileURLToPath(new URL('../../dist/cli.cjs', import.meta.url));

/** A machine of the test's own: a home folder with the client's transcripts and the ledger in it. */
export interface Home {
  folder: string;
  env: Record<string, string>;
  /** Claude Code's `projects` folder. */
  projects: string;
  /** The folder of the ledger, not made yet. */
  data: string;
  ledger: string;
  spool: string;
  log: string;
}

/** What a program left behind when it ended; `signal` is SIGKILL where it did not end by itself. */
export interface Run {
  status: number | null;
  signal: string | null;
  stdout: string;
  stderr: string;
}

/** What a hook leaves behind whatever happens to it. */
export const SILENT: Run = { status: 0, signal: null, stdout: '', stderr: '' };

/** Far beyond what anything here takes: a program that is stopped by it hangs. */
const HANGS_MS = 40_000;

/** The folder is removed when the test ends. */
export function temporaryHome(): Home {
  const folder = mkdtempSync(join(tmpdir(), 'tallyhook-home-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const data = join(folder, '.local/share/tallyhook');
  const projects = join(folder, '.claude/projects');
  mkdirSync(projects, { recursive: true });
  return {
    folder,
    env: closedEnvironment({ HOME: folder }),
    projects,
    data,
    ledger: join(data, 'telemetry.db'),
    spool: join(data, 'spool'),
    log: join(data, 'hook.log'),
  };
}

/** The user's settings. */
export function writeSettings(home: Home, settings: object): void {
  const folder = join(home.folder, '.config/tallyhook');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'settings.json'), JSON.stringify(settings));
}

export interface RunOptions {
  args?: string[];
  env?: Record<string, string>;
  /** Runs as this user: modes do not bind root. */
  uid?: number;
}

/** Runs the built hook executable on an event, or on any bytes. */
export function hook(home: Home, input: object | string | Buffer, options: RunOptions = {}): Run {
  const text = typeof input === 'string' || Buffer.isBuffer(input) ? input : JSON.stringify(input);
  const { args = [], env = {}, uid } = options;
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, [hookFile, ...args], {
    input: text,
    env: { ...home.env, ...env },
    encoding: 'utf8',
    timeout: HANGS_MS,
    killSignal: 'SIGKILL',
    ...(uid === undefined ? {} : { uid, gid: uid }),
  });
  return { status, signal, stdout, stderr };
}

/** Runs the built command line, with its output into pipes. */
export function cli(
  home: Home,
  args: string[],
  options: { env?: Record<string, string>; cwd?: string } = {},
): Run {
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, [cliFile, ...args], {
    cwd: options.cwd ?? home.folder,
    env: { ...home.env, ...options.env },
    encoding: 'utf8',
    timeout: HANGS_MS,
    killSignal: 'SIGKILL',
    maxBuffer: 1e8,
  });
  return { status, signal, stdout, stderr };
}

/** Opens a file of SQLite's, closed when the test ends. */
export function openFile(path: string, options: Database.Options = {}): Database.Database {
  const db = new Database(path, options);
  onTestFinished(() => {
    db.close();
  });
  return db;
}

/** Rows of a query on the ledger, which is closed again at once. */
export function query<Row>(path: string, sql: string): Row[] {
  const db = new Database(path, { readonly: true });
  try {
    return db.prepare(sql).all() as Row[];
  } finally {
    db.close();
  }
}
