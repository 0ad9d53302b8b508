import { existsSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  planRegistration,
  projectSettingsPath,
  applyRegistration,
  userSettingsPaths,
} from '../../../src/sources/settings/client-settings.ts';
import { installRecordPath } from '../../../src/sources/settings/install-record.ts';
import {
  BACKUP,
  COMMAND,
  MOVED,
  NOW,
  given,
  home,
  init,
  path,
  provideHomes,
  read,
  recordPath,
  siblings,
  uninstall,
} from './settings-home.ts';

provideHomes();

describe('the paths', () => {
  test.each([
    [{ HOME: '/h' }, ['/h/.claude/settings.json']],
    [{ HOME: '/h', CLAUDE_CONFIG_DIR: ' , ' }, ['/h/.claude/settings.json']],
    [
      { HOME: '/h', CLAUDE_CONFIG_DIR: '/a b , /c,/a b/' },
      ['/a b/settings.json', '/c/settings.json'],
    ],
    [{ HOME: '/h', CLAUDE_CONFIG_DIR: '~/x' }, ['/h/x/settings.json']],
  ])('of the user: %j', (env, expected) => {
    expect(userSettingsPaths(env)).toEqual(expected);
  });

  test('of a project and of the record', () => {
    expect(projectSettingsPath('/p')).toBe('/p/.claude/settings.json');
    expect(installRecordPath({ XDG_DATA_HOME: '/d' })).toBe('/d/tallyhook/install.json');
  });
});

const TEXTS = {
  empty: '',
  'an empty object': '{}',
  'an empty object and a line end': '{}\n',
  'comments, tabs and CR LF': '{\r\n\t// mine\r\n\t"model": "opus", // best\r\n}\r\n',
  'a byte order mark': '\uFEFF{ "model": "opus" }',
  'empty hooks': '{\n  "hooks": {\n  }\n}\n',
  'hooks of others': '{ "hooks": { "Stop": [{ "hooks": [{ "command": "say hi" }] }] } }',
};

describe.each(Object.entries(TEXTS))('a file that holds %s', (_name, text) => {
  test('is backed up, edited, and back byte for byte after uninstall', () => {
    given(text);
    expect(init()).toBe(join(dirname(path), BACKUP));
    expect(readFileSync(join(dirname(path), BACKUP), 'utf8')).toBe(text);
    expect(read()).toContain('record.cjs');
    expect(uninstall()).toEqual({ kind: 'restored', backup: null });
    expect(read()).toBe(text);
    expect(existsSync(recordPath)).toBe(false);
  });

  test('is back byte for byte without backup and record as well', () => {
    given(text);
    init();
    rmSync(join(dirname(path), BACKUP));
    expect(uninstall().kind).toBe('removed');
    expect(read()).toBe(text);
  });

  test('is not written a second time', () => {
    given(text);
    init();
    const [after, before] = [read(), statSync(path)];
    expect(init()).toBeNull();
    expect(read()).toBe(after);
    expect(statSync(path)).toMatchObject({ ino: before.ino, mtimeMs: before.mtimeMs });
    expect(siblings()).toEqual(['settings.json', BACKUP]);
  });
});

describe('a file that is not there', () => {
  test('is made, and gone with its folder after uninstall', () => {
    expect(init()).toBeNull();
    expect(siblings()).toEqual(['settings.json']);
    expect(uninstall()).toEqual({ kind: 'restored', backup: null });
    expect(existsSync(dirname(path))).toBe(false);
  });

  test('leaves a folder that was there, or that others use by now', () => {
    init();
    writeFileSync(join(dirname(path), 'CLAUDE.md'), '');
    uninstall();
    expect(siblings()).toEqual(['CLAUDE.md']);
    init();
    uninstall();
    expect(siblings()).toEqual(['CLAUDE.md']);
  });

  test('stays when others have written to it', () => {
    init();
    writeFileSync(path, read().replace('{\n', '{\n  "model": "opus",\n'));
    const { kind, backup } = uninstall();
    expect(kind).toBe('removed');
    expect(read()).toBe('{\n  "model": "opus"\n}\n');
    expect(readFileSync(backup ?? '', 'utf8')).toContain('record.cjs');
  });

  test('stays when others wrote to it between two runs of init', () => {
    init();
    writeFileSync(path, read().replace('{\n', '{\n  "model": "opus",\n'));
    init(MOVED);
    expect(read()).toContain(MOVED);
    expect(uninstall().kind).toBe('removed');
    expect(read()).toBe('{\n  "model": "opus"\n}\n');
  });

  test('goes after two runs of init with nobody in between', () => {
    init();
    init(MOVED);
    expect(uninstall().kind).toBe('restored');
    expect(existsSync(path)).toBe(false);
  });

  test('has nothing to uninstall', () => {
    expect(uninstall()).toEqual({ kind: 'nothing', backup: null });
    expect(readdirSync(home)).toEqual([]);
  });
});

describe('edits by others', () => {
  test('are kept, with what was empty before init', () => {
    given('{\n  "hooks": {}\n}\n');
    init();
    writeFileSync(path, JSON.stringify({ model: 'opus', ...JSON.parse(read()) }));
    expect(uninstall().kind).toBe('removed');
    expect(read()).toBe('{"model":"opus","hooks":{}}');
  });

  test('are kept when a broken backup or record is all there is', () => {
    given('{ "model": "opus" }');
    init();
    writeFileSync(join(dirname(path), BACKUP), '{ "model": "other" }');
    writeFileSync(recordPath, '{ broken');
    expect(uninstall().kind).toBe('removed');
    expect(read()).toBe('{ "model": "opus" }');
  });

  test('between reading and writing stop the write', () => {
    given('{}');
    const plan = planRegistration(path, COMMAND);
    writeFileSync(path, '{ "model": "opus" }');
    expect(() => applyRegistration(plan, recordPath, NOW)).toThrow(
      /was changed by another program at the same time; nothing was written/,
    );
    expect(read()).toBe('{ "model": "opus" }');
    expect(siblings()).toEqual(['settings.json', BACKUP]);
  });

  test('hooks of ours that a person put there go, too', () => {
    given('{ "hooks": { "Stop": [{ "hooks": [{ "command": "tallyhook-hook" }] }] } }');
    init();
    expect(read()).not.toContain('"tallyhook-hook"');
    expect(uninstall().kind).toBe('removed');
    expect(read()).toBe('{}');
  });
});
