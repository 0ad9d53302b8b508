import { chmodSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Home, temporaryHome } from '../../helpers/home.ts';
import { cli } from '../../helpers/program/run.ts';
import { givenSettings, settingsFile } from '../../helpers/program/settings.ts';

function config(home: Home, ...args: string[]): ReturnType<typeof cli> {
  return cli(home, ['config', ...args]);
}

describe('config get', () => {
  test.each([
    ['pricing.fallback', 'opus\n'],
    ['estimate.warnTokens', '10000\n'],
    ['pricing.freeTier', '[]\n'],
    ['pricing.file', '\n'],
    ['export.onSessionEnd', 'false\n'],
    ['recording', 'true\n'],
  ])('%s', (key, stdout) => {
    expect(config(temporaryHome(), 'get', key)).toMatchObject({ status: 0, stdout, stderr: '' });
  });

  test('telemetry.path is where the ledger is', () => {
    const home = temporaryHome();
    expect(config(home, 'get', 'telemetry.path').stdout).toBe(`${home.ledger}\n`);
    expect(config(home, 'path').stdout).toBe(`${settingsFile(home)}\n`);
  });
});

describe('config set', () => {
  test('makes the file for the user alone', () => {
    const home = temporaryHome();
    const { status, stdout, stderr } = config(home, 'set', 'pricing.fallback', 'sonnet');
    const path = settingsFile(home);
    expect({ status, stdout, stderr }).toEqual({
      status: 0,
      stdout: `Set pricing.fallback to sonnet in ${path}\n`,
      stderr: '',
    });
    expect(readFileSync(path, 'utf8')).toBe(
      '{\n  "pricing": {\n    "fallback": "sonnet"\n  }\n}\n',
    );
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(dirname(path)).mode & 0o777).toBe(0o700);
  });

  test('changes one value and no other byte', () => {
    const home = temporaryHome();
    const text = [
      '// mine',
      '{',
      '\t"timezone": "UTC", // for now',
      '\t"pricing": {',
      '\t\t/* free */ "freeTier": ["google"],',
      '\t\t"fallback": "zero",',
      '\t},',
      '}',
    ].join('\r\n');
    const path = givenSettings(home, `\uFEFF${text}`);
    chmodSync(path, 0o640);
    config(home, 'set', 'pricing.fallback', 'none');
    config(home, 'set', 'timezone', 'Europe/Berlin');
    const changed = text.replace('zero', 'none').replace('UTC', 'Europe/Berlin');
    expect(readFileSync(path, 'utf8')).toBe(`\uFEFF${changed}`);
    expect(statSync(path).mode & 0o777).toBe(0o640);
    config(home, 'set', 'pricing.file', '/p.json');
    config(home, 'unset', 'pricing.file');
    expect(readFileSync(path, 'utf8')).toBe(`\uFEFF${changed}`);
    expect(config(home, 'get', 'pricing.freeTier')).toMatchObject({
      stdout: '["google"]\n',
      stderr: '',
    });
  });

  test.each([
    ['pricing.freeTier', 'google, mistral', ['google', 'mistral']],
    ['pricing.freeTier', '["google"]', ['google']],
    ['pricing.freeTier', '', []],
    ['estimate.warnTokens', '0', 0],
    ['export.onSessionEnd', 'true', true],
    ['export.onSessionEnd', 'csv', { format: 'csv' }],
    [
      'export.onSessionEnd',
      '{"format": "ndjson", "folder": "~/x"}',
      { format: 'ndjson', folder: '~/x' },
    ],
    ['statusline.template', '{cost} 007', '{cost} 007'],
    ['statusline.template', '7', '7'],
    ['telemetry.path', '~/x.db', '~/x.db'],
    ['project.ticketPattern', String.raw`#\d+`, String.raw`#\d+`],
  ])('%s %j', (key, text, value) => {
    const home = temporaryHome();
    expect(config(home, 'set', key, text)).toMatchObject({ status: 0, stderr: '' });
    const file = JSON.parse(readFileSync(settingsFile(home), 'utf8')) as object;
    const [group = '', name = ''] = key.split('.');
    expect(file).toEqual({ [group]: { [name]: value } });
    expect(config(home, 'unset', key).stdout).toBe(`Removed ${key} from ${settingsFile(home)}\n`);
    expect(readFileSync(settingsFile(home), 'utf8')).toBe('{}\n');
    expect(config(home, 'unset', key).stdout).toBe(`${settingsFile(home)} does not set ${key}\n`);
  });

  test('a relative path is one from here', () => {
    const home = temporaryHome();
    config(home, 'set', 'pricing.file', 'p.json');
    expect(config(home, 'get', 'pricing.file').stdout).toBe(`${join(home.folder, 'p.json')}\n`);
  });

  test('says so where the environment counts instead', () => {
    const home = temporaryHome();
    const env = { TELEMETRY_DB_PATH: join(home.folder, 'x.db') };
    const { status, stderr } = cli(home, ['config', 'set', 'telemetry.path', '/y.db'], { env });
    expect({ status, stderr }).toEqual({
      status: 0,
      stderr: 'tallyhook: TELEMETRY_DB_PATH is set and overrides this\n',
    });
  });

  test('writes through a symbolic link', () => {
    const home = temporaryHome();
    const real = join(home.folder, 'dotfiles.json');
    writeFileSync(real, '{}');
    mkdirSync(dirname(settingsFile(home)), { recursive: true });
    symlinkSync(real, settingsFile(home));
    config(home, 'set', 'timezone', 'UTC');
    expect(JSON.parse(readFileSync(real, 'utf8'))).toEqual({ timezone: 'UTC' });
  });

  test.each(['{"pricing": ', '[]', '{"pricing": 7}', '7'])(
    'leaves a file alone that is not as it should be: %s',
    (text) => {
      const home = temporaryHome();
      const path = givenSettings(home, text);
      const { status, stdout, stderr } = config(home, 'set', 'pricing.fallback', 'zero');
      expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
      expect(stderr).toContain(path);
      expect(readFileSync(path, 'utf8')).toBe(text);
    },
  );

  test('a key that stands there twice is unset twice', () => {
    const home = temporaryHome();
    const path = givenSettings(
      home,
      '{"timezone": "UTC", "pricing": {}, "timezone": "Asia/Tokyo"}',
    );
    expect(config(home, 'unset', 'timezone').status).toBe(0);
    expect(readFileSync(path, 'utf8')).toBe('{ "pricing": {}}');
  });
});
