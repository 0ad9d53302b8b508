import { existsSync, readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Ledger } from '../../src/store/connection/open.ts';
import {
  type Sum,
  faultsOf,
  importInto,
  recordsOf,
  sumsBy,
  temporaryLedger,
} from '../helpers/ledger.ts';
import { readJson, sharedFolder } from '../helpers/shared.ts';

type Expected = Record<string, Omit<Sum, 'costNanoUsd'> & { costUsd: string }>;

const root = sharedFolder('real');
const sets = (root === null ? [] : readdirSync(root)).filter((name) =>
  existsSync(`${root}/${name}/expected.json`),
);

/** Expected sums in nano-USD, exactly. */
function expectedSums(path: string): Record<string, Sum> {
  const entries = Object.entries(readJson<Expected>(path));
  return Object.fromEntries(
    entries.map(([key, { costUsd, ...counts }]) => [
      key,
      { ...counts, costNanoUsd: Math.round(Number(costUsd) * 1e9) },
    ]),
  );
}

function expectSums(db: Ledger, set: string): void {
  expect(sumsBy(db, 'model')).toEqual(expectedSums(`${root}/${set}/expected.json`));
  expect(sumsBy(db, 'session_id')).toEqual(expectedSums(`${root}/${set}/expected-sessions.json`));
  expect(faultsOf(db)).toEqual([]);
}

describe.skipIf(root === null)('real transcripts', () => {
  test.each(sets)('%s: imported, and imported twice', (set) => {
    const { db } = temporaryLedger();
    importInto(db, `${root}/${set}/projects`);
    expectSums(db, set);
    const before = recordsOf(db);
    expect(importInto(db, `${root}/${set}/projects`)).toMatchObject({ lines: 0, addedRequests: 0 });
    db.exec('DELETE FROM thread_state; DELETE FROM transcripts');
    expect(importInto(db, `${root}/${set}/projects`)).toMatchObject({ addedRequests: 0 });
    expect(recordsOf(db)).toEqual(before);
    expectSums(db, set);
  });

  test.each(sets)('%s: in any order of files', (set) => {
    const { db: inOrder } = temporaryLedger();
    importInto(inOrder, `${root}/${set}/projects`);
    for (const seed of [1, 2, 3]) {
      const { db } = temporaryLedger();
      importInto(db, `${root}/${set}/projects`, { order: (paths) => shuffled(paths, seed) });
      expectSums(db, set);
      expect(recordsOf(db)).toEqual(recordsOf(inOrder));
    }
    const { db: backwards } = temporaryLedger();
    importInto(backwards, `${root}/${set}/projects`, { order: (paths) => paths.toReversed() });
    expect(recordsOf(backwards)).toEqual(recordsOf(inOrder));
  });
});

function shuffled<T>(items: T[], seed: number): T[] {
  let state = seed * 2654435761;
  const keyed = items.map((item) => {
    state = (Math.imul(state ^ (state >>> 15), 2246822519) + 374761393) >>> 0;
    return { item, state };
  });
  return keyed.sort((a, b) => a.state - b.state).map(({ item }) => item);
}
