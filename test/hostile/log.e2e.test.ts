// hook.log may stand in a folder that others can write: a link in its place is not followed.
import { existsSync, linkSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { SILENT, cli, hook } from '../helpers/program/run.ts';
import { temporaryHome } from '../helpers/home.ts';

test('a link in its place is left alone, and what it points to too', () => {
  const home = temporaryHome();
  mkdirSync(home.data, { recursive: true });
  const victim = join(home.folder, 'victim');
  writeFileSync(victim, 'precious\n');
  symlinkSync(victim, home.log);
  for (const text of ['no JSON', '[]', '{"hook_event_name":"Stop","transcript_path":"/none"}']) {
    expect(hook(home, text, { args: ['--agent', 'claude-code'] })).toEqual(SILENT);
  }
  expect(hook(home, '{}', { args: ['--agent', 'nobody'] })).toEqual(SILENT);
  expect(readFileSync(victim, 'utf8')).toBe('precious\n');
  expect(cli(home, ['doctor']).stdout).not.toContain('precious');
});

test('a link to nothing makes no file there', () => {
  const home = temporaryHome();
  mkdirSync(home.data, { recursive: true });
  symlinkSync(join(home.folder, 'planted'), home.log);
  expect(hook(home, 'no JSON')).toEqual(SILENT);
  expect(existsSync(join(home.folder, 'planted'))).toBe(false);
});

test('a log that is a plain file takes the line', () => {
  const home = temporaryHome();
  mkdirSync(home.data, { recursive: true });
  writeFileSync(join(home.folder, 'log'), '');
  linkSync(join(home.folder, 'log'), home.log);
  expect(hook(home, 'no JSON')).toEqual(SILENT);
  expect(readFileSync(home.log, 'utf8')).toMatch(/event: .*JSON/);
});
