import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { type Ledger, type OpenOptions, openLedger } from '../../../src/store/connection/open.ts';
import { migrations } from '../../../src/store/migrations/index.ts';
import type { Migration } from '../../../src/store/migrations/migration.ts';
import { temporaryFolder } from '../../helpers/ledger.ts';

/** A step that no program has. */
const SECOND: Migration = {
  number: migrations.length + 1,
  sql: `ALTER TABLE projects ADD COLUMN owner TEXT;
    UPDATE projects SET owner = name || '@example.com';
    CREATE TABLE owners (name TEXT PRIMARY KEY) STRICT;`,
};
const BROKEN: Migration = { ...SECOND, sql: `${SECOND.sql} INSERT INTO nowhere VALUES (1);` };

function open(path: string, options: Partial<OpenOptions> = {}): Ledger {
  const db = openLedger(path, { busyTimeoutMs: 1000, ...options });
  onTestFinished(() => {
    db.close();
  });
  return db;
}

/** A ledger of this program's schema, with a project in it. */
function ledgerWithProject(): string {
  const path = join(temporaryFolder(), 'telemetry.db');
  const db = open(path);
  db.exec(`INSERT INTO projects VALUES (1, '/home/user/shop', 'shop')`);
  db.close();
  return path;
}

const schemaOf = (db: Ledger): unknown => db.pragma('user_version', { simple: true });

test('a further step is taken once, and keeps the rows', () => {
  const path = ledgerWithProject();
  for (let times = 0; times < 2; times++) {
    const db = open(path, { migrations: [...migrations, SECOND] });
    expect(schemaOf(db)).toBe(migrations.length + 1);
    expect(db.prepare('SELECT name, owner FROM projects').all()).toEqual([
      { name: 'shop', owner: 'shop@example.com' },
    ]);
  }
});

test('a new ledger takes all steps', () => {
  const path = join(temporaryFolder(), 'telemetry.db');
  const db = open(path, { migrations: [...migrations, SECOND] });
  expect(schemaOf(db)).toBe(migrations.length + 1);
  expect(db.prepare('SELECT * FROM owners').all()).toEqual([]);
});

test('a step that fails changes nothing', () => {
  const path = ledgerWithProject();
  expect(() => open(path, { migrations: [...migrations, BROKEN] })).toThrow('nowhere');
  const db = open(path);
  expect(schemaOf(db)).toBe(migrations.length);
  expect(db.prepare('SELECT * FROM projects').all()).toEqual([
    { id: 1, root: '/home/user/shop', name: 'shop' },
  ]);
  expect(() => db.prepare('SELECT * FROM owners')).toThrow('no such table');
});

test('an older ledger that may only be read is named as such, not half understood', () => {
  const path = ledgerWithProject();
  const options = { migrations: [...migrations, SECOND], readonly: true };
  expect(() => open(path, options)).toThrow(
    `it has schema ${migrations.length} and must be writable once to be upgraded to schema ${migrations.length + 1}`,
  );
});

test('a newer ledger is refused by both numbers', () => {
  const path = ledgerWithProject();
  open(path, { migrations: [...migrations, SECOND] });
  expect(() => open(path)).toThrow(
    `${path} has schema ${migrations.length + 1}, this version of tallyhook supports up to ${migrations.length}`,
  );
});
