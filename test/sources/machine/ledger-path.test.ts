import { isAbsolute, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { ledgerPath, settingsPath } from '../../../src/sources/machine/paths.ts';
import { temporaryFolder } from '../../helpers/ledger.ts';

const DATA = '/home/u/.local/share/tallyhook';

const PATHS: [configured: string | null, env: Record<string, string>, path: string][] = [
  [null, {}, `${DATA}/telemetry.db`],
  ['', {}, `${DATA}/telemetry.db`],
  ['costs.db', {}, `${DATA}/costs.db`],
  ['./costs.db', {}, `${DATA}/costs.db`],
  ['team/costs.db', {}, `${DATA}/team/costs.db`],
  ['../costs.db', {}, '/home/u/.local/share/costs.db'],
  ['~/costs.db', {}, '/home/u/costs.db'],
  ['/srv/costs.db', {}, '/srv/costs.db'],
  ['costs.db', { XDG_DATA_HOME: '/data' }, '/data/tallyhook/costs.db'],
  ['costs.db', { XDG_DATA_HOME: 'data' }, `${DATA}/costs.db`],
  [null, { XDG_DATA_HOME: './data' }, `${DATA}/telemetry.db`],
];

test.each(PATHS)(
  'the ledger %j with %j is %s in every working directory',
  (configured, env, path) => {
    const before = process.cwd();
    onTestFinished(() => process.chdir(before));
    for (const folder of [before, temporaryFolder(), '/']) {
      process.chdir(folder);
      expect(ledgerPath({ HOME: '/home/u', ...env }, configured)).toBe(path);
    }
  },
);

test('a relative XDG_CONFIG_HOME is ignored', () => {
  const path = settingsPath({ HOME: '/home/u', XDG_CONFIG_HOME: 'config' });
  expect(isAbsolute(path)).toBe(true);
  expect(path).toBe(join('/home/u', '.config/tallyhook/settings.json'));
});
