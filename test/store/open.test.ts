import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { migrations } from '../../src/store/migrations/index.ts';
import { openLedger } from '../../src/store/connection/open.ts';
import { temporaryFolder } from '../helpers/ledger.ts';

test('an older ledger that may only be read is named as such, not half understood', () => {
  const path = join(temporaryFolder(), 'old.db');
  const old = new Database(path);
  old.exec(migrations[0]?.sql ?? '');
  old.pragma('user_version = 1');
  old.close();
  const open = (): unknown => openLedger(path, { busyTimeoutMs: 1000, readonly: true });
  expect(open).toThrow(
    `it has schema 1 and has to be writable once to get schema ${migrations.length}`,
  );
});
