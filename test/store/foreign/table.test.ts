import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { UnknownLayoutError } from '../../../src/core/transcript/unknown-layout.ts';
import { foreignFileState, readForeignRows } from '../../../src/store/foreign/table.ts';
import { temporaryFolder } from '../../helpers/ledger.ts';

const USAGE = {
  name: 'usage',
  columns: ['id', 'session', 'tokens'],
  cursor: 'id',
  join: { table: 'sessions', by: 'session', key: 'id', columns: { cwd: 'folder' } },
};

/** The file of a running agent: everything is in the write-ahead log. */
function runningAgent(): { path: string; db: Database.Database } {
  const path = join(temporaryFolder(), 'agent.db');
  const db = new Database(path);
  db.pragma('journal_mode = WAL');
  db.pragma('wal_autocheckpoint = 0');
  db.exec(`CREATE TABLE sessions (id TEXT PRIMARY KEY, cwd TEXT);
    CREATE TABLE usage (id INTEGER PRIMARY KEY, session TEXT, tokens INTEGER, note TEXT);
    INSERT INTO sessions VALUES ('s', '/work');`);
  return { path, db };
}

describe('reading an agent’s table', () => {
  test('rows come in the cursor’s order, with the columns of the joined table', () => {
    const { path, db } = runningAgent();
    db.exec(`INSERT INTO usage VALUES (2, 's', 20, 'x'), (1, 'gone', 10, 'x')`);
    expect(readForeignRows(path, USAGE, 0, 100)).toEqual({
      rows: [
        { id: 1, session: 'gone', tokens: 10, folder: null },
        { id: 2, session: 's', tokens: 20, folder: '/work' },
      ],
      hasMore: false,
    });
    expect(readForeignRows(path, USAGE, 2, 100)?.rows).toHaveLength(1);
    db.close();
  });

  test('the agent’s files are byte for byte the same afterwards, while it runs', () => {
    const { path, db } = runningAgent();
    db.exec(`INSERT INTO usage VALUES (1, 's', 10, 'x')`);
    const files = [path, `${path}-wal`];
    const before = files.map((file) => readFileSync(file));
    const state = foreignFileState(path);
    expect(readForeignRows(path, USAGE, 0, 100)?.rows).toHaveLength(1);
    expect(files.map((file) => readFileSync(file))).toEqual(before);
    expect(foreignFileState(path)).toEqual(state);
    db.exec(`INSERT INTO usage VALUES (2, 's', 10, 'x')`);
    expect(foreignFileState(path)).not.toEqual(state);
    db.close();
  });

  test('a limit never divides the rows of one cursor value', () => {
    const { path, db } = runningAgent();
    const byTokens = { ...USAGE, cursor: 'tokens', join: null };
    for (let id = 1; id <= 9; id++) {
      db.prepare(`INSERT INTO usage VALUES (?, 's', ?, '')`).run(id, Math.ceil(id / 4));
    }
    const first = readForeignRows(path, byTokens, 0, 2);
    expect(first?.rows.map(({ id }) => id)).toEqual([1, 2, 3, 4]);
    expect(first?.hasMore).toBe(true);
    const second = readForeignRows(path, byTokens, 2, 2);
    expect(second?.rows.map(({ id }) => id)).toEqual([5, 6, 7, 8, 9]);
    db.close();
  });

  test('more rows of one cursor value than the limit do not keep the next read from going on', () => {
    const { path, db } = runningAgent();
    const byTokens = { ...USAGE, cursor: 'tokens', overlap: 1, join: null };
    for (let id = 1; id <= 9; id++) {
      db.prepare(`INSERT INTO usage VALUES (?, 's', ?, '')`).run(id, id <= 7 ? 5 : 6);
    }
    // The cursor is 5, and one value before it is read again.
    const read = readForeignRows(path, byTokens, 4, 2);
    expect(read?.rows).toHaveLength(9);
    db.close();
  });

  test('a write transaction of the agent hides its rows, and nothing waits', () => {
    const { path, db } = runningAgent();
    db.exec(`INSERT INTO usage VALUES (1, 's', 10, ''); BEGIN IMMEDIATE;
      INSERT INTO usage VALUES (2, 's', 10, '')`);
    expect(readForeignRows(path, USAGE, 0, 100)?.rows).toHaveLength(1);
    db.exec('COMMIT');
    expect(readForeignRows(path, USAGE, 0, 100)?.rows).toHaveLength(2);
    db.close();
  });

  test.each([
    ['a column', 'ALTER TABLE usage RENAME COLUMN tokens TO total', 'usage.tokens'],
    ['the joined column', 'ALTER TABLE sessions DROP COLUMN cwd', 'sessions.cwd'],
    ['the table', 'DROP TABLE usage', 'usage'],
  ])('%s that is missing is named', (_what, change, missing) => {
    const { path, db } = runningAgent();
    db.exec(change);
    db.close();
    const read = (): unknown => readForeignRows(path, USAGE, 0, 100);
    expect(read).toThrow(UnknownLayoutError);
    expect(read).toThrow(`${path} has another layout: ${missing} not found`);
  });

  test('the version of the agent is named if the file has it', () => {
    const { path, db } = runningAgent();
    db.exec('DROP TABLE usage');
    const versionOf = (column: string): string | null | undefined => {
      try {
        readForeignRows(path, { ...USAGE, version: { table: 'sessions', column } }, 0, 100);
      } catch (error) {
        return error instanceof UnknownLayoutError ? error.version : undefined;
      }
      return undefined;
    };
    expect(versionOf('cwd')).toBe('/work');
    expect(versionOf('version')).toBeNull();
    db.close();
  });

  test('a file without any table yet has no rows', () => {
    const path = join(temporaryFolder(), 'empty.db');
    new Database(path).pragma('journal_mode = WAL');
    expect(readForeignRows(path, USAGE, 0, 100)).toBeNull();
  });
});
