import { existsSync, readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { allFaultsOf, importInto, temporaryLedger } from '../helpers/ledger.ts';
import { sharedFolder } from '../helpers/shared.ts';

/** Folders of the given ones that have transcripts in `projects`. */
const folders = ['traps', 'real', 'cases'].flatMap((name) => {
  const root = sharedFolder(name);
  const sets = root === null ? [] : readdirSync(root);
  return sets
    .map((set) => `${root}/${set}/projects`)
    .filter((folder) => existsSync(folder))
    .map((folder): [string, string] => [folder.split('/').slice(-3, -1).join('/'), folder]);
});

describe.skipIf(folders.length === 0)('verify finds no fault in an honest ledger of', () => {
  test.each(folders)('%s', (_, folder) => {
    for (const order of [(paths: string[]) => paths, (paths: string[]) => paths.toReversed()]) {
      const { db, path } = temporaryLedger();
      importInto(db, folder, { order });
      expect(allFaultsOf(db, path, folder)).toEqual([]);
    }
  });
});
