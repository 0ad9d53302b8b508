import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { onTestFinished } from 'vitest';
import { closedEnvironment } from './hook.ts';

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
