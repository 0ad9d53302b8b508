import { existsSync, readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { importInto, temporaryLedger } from '../helpers/ledger.ts';
import { sharedFolder } from '../helpers/shared.ts';
import {
  type SharesByRequest,
  expectExactShares,
  expectShareSums,
  sharesOf,
} from '../helpers/shares.ts';

const real = sharedFolder('real');
const traps = sharedFolder('traps');

function setsOf(root: string | null): string[] {
  const names = root === null ? [] : readdirSync(root);
  return names.filter((name) => existsSync(`${root}/${name}/projects`));
}

/** The unattributed part of the cost in percent, by part; every text in these sets is a filler. */
function unattributed(set: string, shares: SharesByRequest): string {
  const all = Object.values(shares).flat();
  const total = all.reduce((sum, { costNanoUsd }) => sum + costNanoUsd, 0);
  const byPart = new Map<string, number>();
  for (const { cause, part, costNanoUsd } of all) {
    if (cause === '(unattributed)') byPart.set(part, (byPart.get(part) ?? 0) + costNanoUsd);
  }
  const percent = (cost: number): string => `${((cost / total) * 100).toFixed(1)} %`;
  const whole = [...byPart.values()].reduce((sum, cost) => sum + cost, 0);
  const parts = [...byPart].map(([part, cost]) => `${part} ${percent(cost)}`);
  return `${set}: (unattributed) ${percent(whole)} of ${(total / 1e9).toFixed(2)} USD: ${parts.join(', ')}`;
}

describe.skipIf(real === null)('real transcripts', () => {
  test.each(setsOf(real))(
    '%s: shares sum to every cost, and every grouping to the total',
    async (set) => {
      const { db } = temporaryLedger();
      importInto(db, `${real}/${set}/projects`);
      const shares = await expectExactShares(db);
      await expectShareSums(db);
      console.log(unattributed(set, shares));
    },
  );

  test.each(setsOf(real))(
    '%s: the same shares in any order of files, and when read again',
    async (set) => {
      const { db } = temporaryLedger();
      importInto(db, `${real}/${set}/projects`);
      const shares = await sharesOf(db);
      const { db: backwards } = temporaryLedger();
      importInto(backwards, `${real}/${set}/projects`, { order: (paths) => paths.toReversed() });
      expect(await sharesOf(backwards)).toEqual(shares);
      db.exec('DELETE FROM thread_state; DELETE FROM transcripts');
      importInto(db, `${real}/${set}/projects`);
      expect(await sharesOf(db)).toEqual(shares);
    },
  );
});

describe.skipIf(traps === null)('traps', () => {
  test.each(setsOf(traps))('%s', async (name) => {
    const { db } = temporaryLedger();
    importInto(db, `${traps}/${name}/projects`);
    await expectExactShares(db);
    await expectShareSums(db);
  });
});
