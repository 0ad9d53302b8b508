import { describe, expect, test } from 'vitest';
import { importInto, recordsOf, temporaryLedger } from '../helpers/ledger.ts';
import { readJson, sharedFolder } from '../helpers/shared.ts';

const root = sharedFolder('traps');
const traps =
  root === null
    ? []
    : Object.entries(
        readJson<Record<string, { expected: number; note: string }>>(`${root}/expected.json`),
      );

interface Found {
  costUsd: number;
  uncertain: number;
}

describe.skipIf(root === null)('traps', () => {
  test.each(traps)('%s', (name, { expected }) => {
    const { db } = temporaryLedger();
    importInto(db, `${root}/${name}/projects`);
    const found = db
      .prepare(
        `SELECT sum(cost_nano_usd) / 1e9 AS costUsd,
           sum(price_basis IN ('fallback', 'none')) AS uncertain FROM cost_records`,
      )
      .get() as Found;
    // Below zero: a model without a price, whose cost has to be marked as uncertain.
    expect(found.uncertain > 0).toBe(expected < 0);
    expect(expected < 0 ? expected : found.costUsd).toBeCloseTo(expected, 9);
    const { db: backwards } = temporaryLedger();
    importInto(backwards, `${root}/${name}/projects`, { order: (paths) => paths.toReversed() });
    expect(recordsOf(backwards)).toEqual(recordsOf(db));
  });
});
