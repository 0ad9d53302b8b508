import { join } from 'node:path';
import { expect, test } from 'vitest';
import { rowQuery } from '../../../src/store/sums/row-query.ts';
import { scanRows } from '../../../src/store/sums/scan.ts';
import { LedgerReader, NO_FILTER } from '../../../src/store/reader.ts';
import type { Ledger } from '../../../src/store/connection/open.ts';
import { append, request } from '../../helpers/lines.ts';
import { importInto, temporaryFolder, temporaryLedger } from '../../helpers/ledger.ts';

const ROWS = 100_000;
const ALL_IN_THREADS = 1;

/** A ledger with many more rows than one stretch of reading has. */
function manyRows(costNanoUsd: number): Ledger {
  const folder = temporaryFolder();
  const { db } = temporaryLedger(folder);
  append(join(folder, 'projects/p/s.jsonl'), request({ session: 's', id: 'msg_1' }));
  importInto(db, join(folder, 'projects'));
  const names = (db.pragma('table_info(cost_records)') as { name: string }[])
    .map(({ name }) => name)
    .filter((name) => name !== 'seq');
  const values = names.map((name) => {
    if (name === 'id') return `r.id || '-' || i`;
    if (name === 'tool_name') return `CASE i % 4 WHEN 0 THEN 'Bash' WHEN 1 THEN 'Read' END`;
    if (name === 'git_branch') return `'branch-' || (i % 30)`;
    return name === 'cost_nano_usd' ? String(costNanoUsd) : `r.${name}`;
  });
  db.exec(`WITH RECURSIVE n (i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < ${ROWS})
    INSERT INTO cost_records (${names.join(', ')})
    SELECT ${values.join(', ')} FROM n, (SELECT * FROM cost_records LIMIT 1) r`);
  return db;
}

const bySum = (a: unknown, b: unknown): number => (String(a) < String(b) ? -1 : 1);

test('threads find what one reader finds, and tell how far they are', async () => {
  const db = manyRows(1_234_567);
  const sql = rowQuery(['tool', 'branch'], null, ['r.seq > ? AND r.seq <= ?']);
  const shape = { keys: 2, units: 0 };
  const told: number[] = [];
  const tell = (done: number, of: number): void => {
    expect(of).toBe(ROWS + 1);
    told.push(done);
  };
  const alone = await scanRows(db, sql, [], shape, () => undefined);
  const together = await scanRows(db, sql, [], shape, tell, ALL_IN_THREADS);
  expect(together.toSorted(bySum)).toEqual(alone.toSorted(bySum));
  expect(alone).toHaveLength(61);
  expect(told.at(-1)).toBe(ROWS + 1);
  expect(told.toSorted((a, b) => a - b)).toEqual(told);
});

test('sums beyond what a double holds are exact', async () => {
  const cost = 9_007_199_254_740_991;
  const reader = new LedgerReader(manyRows(cost));
  const rows = await reader.sums({ ...NO_FILTER, branch: 'branch-7' }, ['tool'], null);
  const count = rows.reduce((sum, { measures }) => sum + measures.requests, 0n);
  expect(count).toBe(3334n);
  for (const { measures } of rows) {
    expect(measures.cost_nano_usd).toBe(measures.requests * BigInt(cost));
  }
});

test('a thread that can not read says so', async () => {
  const db = manyRows(1);
  const broken = scanRows(
    db,
    'SELECT one FROM nowhere',
    [],
    { keys: 0, units: 0 },
    () => undefined,
    1,
  );
  await expect(broken).rejects.toThrow('no such table: nowhere');
});
