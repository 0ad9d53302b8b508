import { existsSync, readdirSync } from 'node:fs';
import { describe, test } from 'vitest';
import { importInto, temporaryLedger } from '../helpers/ledger.ts';
import { expectAllSums } from '../helpers/report-sums.ts';
import { sharedFolder } from '../helpers/shared.ts';

const root = sharedFolder('real');
const sets = (root === null ? [] : readdirSync(root)).filter((name) =>
  existsSync(`${root}/${name}/projects`),
);

describe.skipIf(root === null)('real transcripts', () => {
  test.each(sets)('%s: every part sums to the whole', async (set) => {
    const { db } = temporaryLedger();
    importInto(db, `${root}/${set}/projects`);
    await expectAllSums(db);
  });
});
