import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  LINE_FACT_COLUMNS,
  RECORD_COLUMNS,
  type RecordColumn,
} from '../../../src/core/record/record-columns.ts';
import { openLedger } from '../../../src/store/connection/open.ts';
import { temporaryFolder } from '../../helpers/ledger.ts';

test('the table of columns is the ledger’s own schema', () => {
  const db = openLedger(join(temporaryFolder(), 'telemetry.db'), { busyTimeoutMs: 1000 });
  const rows = db
    .prepare<[], { name: string; type: string; notnull: number; pk: number }>(
      "SELECT name, type, [notnull], pk FROM pragma_table_info('cost_records')",
    )
    .all();
  db.close();
  const stored = rows.map(({ name, type, notnull, pk }) => [
    name,
    { type, isNullable: notnull === 0 && pk === 0 },
  ]);
  const declared = Object.entries<RecordColumn>(RECORD_COLUMNS).map(
    ([name, { type, isNullable }]) => [name, { type, isNullable }],
  );
  expect(Object.fromEntries(declared)).toEqual(Object.fromEntries(stored));
});

test('what a line states by itself is text that may be missing', () => {
  const columns: Record<string, RecordColumn> = RECORD_COLUMNS;
  expect(LINE_FACT_COLUMNS.length).toBeGreaterThan(0);
  for (const [column] of LINE_FACT_COLUMNS) {
    expect(columns[column]).toMatchObject({ type: 'TEXT', isNullable: true });
  }
});
