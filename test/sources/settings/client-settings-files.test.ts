import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  planRegistration,
  planRemoval,
  projectSettingsPath,
  applyRegistration,
} from '../../../src/sources/settings/client-settings.ts';
import {
  BACKUP,
  COMMAND,
  MOVED,
  NOW,
  given,
  home,
  init,
  modeOf,
  path,
  provideHomes,
  read,
  recordPath,
  siblings,
  uninstall,
} from './settings-home.ts';

provideHomes();

test('a symbolic link stays one, and its target is edited', () => {
  const target = join(home, 'dotfiles', 'claude.json');
  mkdirSync(dirname(target));
  writeFileSync(target, '{}\n');
  mkdirSync(dirname(path));
  symlinkSync('../dotfiles/claude.json', path);
  init();
  expect(lstatSync(path).isSymbolicLink()).toBe(true);
  expect(readFileSync(target, 'utf8')).toContain('record.cjs');
  expect(readdirSync(dirname(target))).toEqual(['claude.json']);
  expect(siblings()).toEqual(['settings.json', BACKUP]);
  uninstall();
  expect(lstatSync(path).isSymbolicLink()).toBe(true);
  expect(readFileSync(target, 'utf8')).toBe('{}\n');
});

test('a symbolic link to nothing leads to nothing again', () => {
  mkdirSync(dirname(path));
  symlinkSync('../dotfiles/claude.json', path);
  init();
  expect(read()).toContain('record.cjs');
  uninstall();
  expect(lstatSync(path).isSymbolicLink()).toBe(true);
  expect(existsSync(path)).toBe(false);
});

test.each([0o600, 0o640, 0o664])('mode %o is kept, by the backup too', (mode) => {
  given('{}', mode);
  init();
  expect(modeOf(path)).toBe(mode.toString(8));
  expect(modeOf(join(dirname(path), BACKUP))).toBe(mode.toString(8));
  uninstall();
  expect(modeOf(path)).toBe(mode.toString(8));
});

test('the record is for its owner only', () => {
  given('{}');
  init();
  expect(modeOf(recordPath)).toBe('600');
  expect(modeOf(dirname(recordPath))).toBe('700');
});

test('the record of one file outlives the other', () => {
  given('{}');
  init();
  const project = projectSettingsPath(join(home, 'project'));
  applyRegistration(planRegistration(project, COMMAND), recordPath, NOW);
  uninstall();
  expect(planRemoval(project, recordPath)).toMatchObject({ kind: 'restored', after: null });
});

test('two backups in one second have two names', () => {
  given('{}');
  init();
  init(MOVED);
  expect(siblings()).toEqual(['settings.json', BACKUP, `${BACKUP}-2`]);
  expect(uninstall().kind).toBe('restored');
  expect(read()).toBe('{}');
});

describe('refused, with nothing written', () => {
  const hint = 'Fix it and run this again; `tallyhook init --print` shows just the hooks.';
  test.each([
    ['{ "model": opus }', 'is not valid JSON (line 1, column 12: invalid symbol)'],
    ['[]', 'does not hold a JSON object'],
    ['{ "hooks": "none" }', 'has "hooks" that are not an object (string)'],
  ])('%s', (text, problem) => {
    given(text);
    const message = `${path} ${problem}; nothing was written`;
    expect(() => init()).toThrow(expect.objectContaining({ name: 'UserError', message, hint }));
    expect(read()).toBe(text);
    expect(siblings()).toEqual(['settings.json']);
    expect(existsSync(recordPath)).toBe(false);
  });

  test('bytes that are not UTF-8', () => {
    given(Uint8Array.of(0x7b, 0xff, 0x7d));
    expect(() => init()).toThrow(`${path} is not UTF-8 text`);
    expect([...readFileSync(path)]).toEqual([0x7b, 0xff, 0x7d]);
  });

  test('a folder', () => {
    mkdirSync(path, { recursive: true });
    expect(() => init()).toThrow(`${path} is a folder`);
    expect(() => uninstall()).toThrow(`${path} is a folder`);
  });

  test('a file in place of the folder', () => {
    writeFileSync(dirname(path), '');
    expect(() => init()).toThrow(/^cannot read .*: a part of its path is not a folder$/);
  });

  test('a link that leads back to itself', () => {
    mkdirSync(dirname(path));
    symlinkSync('settings.json', path);
    expect(() => init()).toThrow('leads back to itself');
  });

  // Root may read and write everything.
  test.skipIf(process.getuid?.() === 0)('a file that may not be read or written', () => {
    given('{}', 0o444);
    expect(() => init()).toThrow(`cannot write ${path}: permission denied`);
    chmodSync(path, 0o000);
    expect(() => init()).toThrow(`cannot read ${path}: permission denied`);
  });
});
