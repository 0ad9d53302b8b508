import {
  chmodSync,
  chownSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { type Home, temporaryHome } from '../helpers/home.ts';
import { append, request as line, toolEvent, transcriptPath } from '../helpers/lines.ts';
import { SILENT, cli, hook } from '../helpers/program/run.ts';
import { assistantLine, textOf, writeTree } from '../helpers/transcripts.ts';

/** Modes do not bind root, so commands run as another user. */
const NOBODY = process.getuid?.() === 0 ? 65_534 : undefined;

const request = (session: string): string =>
  textOf([assistantLine({ session, message: `m-${session}`, request: `r-${session}` })]);

/** A home that the other user may write to, with transcripts in it. */
function homeWith(tree: Record<string, string | Buffer>): Home {
  const home = temporaryHome();
  writeTree(home.projects, tree);
  const own = (path: string): void => {
    if (NOBODY !== undefined) chownSync(path, NOBODY, NOBODY);
  };
  for (const name of readdirSync(home.folder, { recursive: true })) {
    own(join(home.folder, String(name)));
  }
  own(home.folder);
  return home;
}

function run(home: Home, args: string[], env: Record<string, string> = {}): ReturnType<typeof cli> {
  return cli(home, args, { env, ...(NOBODY === undefined ? {} : { uid: NOBODY }) });
}

interface Finding {
  check: string;
  state: string;
  message: string;
  fix: string | null;
}

function doctor(home: Home, env: Record<string, string> = {}): Finding[] {
  const { findings } = JSON.parse(run(home, ['doctor', '--json'], env).stdout) as {
    findings: Finding[];
  };
  return findings.filter(({ check }) => check === 'unread');
}

const LOCKS: [what: string, lock: (home: Home) => string][] = [
  ['a transcript', ({ projects }) => join(projects, 'p/s2.jsonl')],
  ['a folder', ({ projects }) => join(projects, 'q')],
  ['the folder of subagents', ({ projects }) => join(projects, 'p/s1/subagents')],
];

describe.each(LOCKS)('%s without permission', (_, lock) => {
  test('is named by every command', () => {
    const home = homeWith({
      'p/s1.jsonl': request('s1'),
      'p/s1/subagents/agent-a.jsonl': request('s1'),
      'p/s2.jsonl': request('s2'),
      'q/s3.jsonl': request('s3'),
    });
    const path = lock(home);
    chmodSync(path, 0);
    const note = `tallyhook: not included: ${path} (permission denied). Run tallyhook doctor for details.\n`;
    for (const command of ['daily', 'summary', 'sessions', 'requests', 'coverage']) {
      const { status, stderr } = run(home, [command]);
      expect({ status, stderr }).toEqual({ status: 0, stderr: note });
    }
    const json = run(home, ['daily', '--json']);
    expect(json.stderr).toBe(note);
    expect(JSON.parse(json.stdout)).toMatchObject({ schemaVersion: 1 });
    expect(run(home, ['import']).stdout).toContain(`Not read: ${path} (permission denied)\n`);
    const imported = JSON.parse(run(home, ['import', '--json']).stdout) as { unread: unknown };
    const fix = `chmod u+rX ${path}`;
    expect(imported.unread).toEqual([
      { path, kind: 'unreadable', reason: 'permission denied', fix },
    ]);
    expect(doctor(home)).toMatchObject([
      { state: 'fail', message: `1 path can't be read: ${path} (permission denied)`, fix },
    ]);
    const verified = run(home, ['verify']);
    expect(verified.status).toBe(1);
    expect(verified.stdout).toContain(
      `FAULT unreadable transcripts: ${path} (permission denied)\n`,
    );
  });
});

test.skipIf(NOBODY === undefined)('what root owns is fixed with chown', () => {
  const home = homeWith({ 'p/s1.jsonl': request('s1') });
  const path = join(home.projects, 'p/s1.jsonl');
  chownSync(path, 0, 0);
  chmodSync(path, 0o600);
  expect(doctor(home)).toMatchObject([{ fix: `sudo chown -R "$(id -un)" ${path}` }]);
});

test('a folder that may be listed but not entered names the folder in the fix', () => {
  const home = homeWith({ 'p/s1.jsonl': request('s1') });
  const folder = join(home.projects, 'p');
  chmodSync(folder, 0o400);
  expect(doctor(home)).toMatchObject([{ fix: `chmod u+rX ${folder}` }]);
});

test('--projects with a folder that may not be reached or read says why', () => {
  const home = homeWith({ '../backup/p/s1.jsonl': request('s1') });
  const backup = join(home.folder, '.claude/backup');
  chmodSync(backup, 0o600);
  const refused = run(home, ['daily', '--projects', join(backup, 'p')]);
  expect(refused).toMatchObject({ status: 2, stdout: '' });
  expect(refused.stderr).toBe(
    `tallyhook: --projects: ${join(backup, 'p')}: permission denied\nchmod u+rX ${backup}\n`,
  );
  chmodSync(backup, 0);
  const { status, stderr } = run(home, ['daily', '--projects', backup]);
  expect(status).toBe(0);
  expect(stderr).toContain(`not included: ${backup} (permission denied)`);
});

test('the hook stays silent and logs a transcript that it may not read once', () => {
  const home = homeWith({});
  const path = append(transcriptPath(home, 's1'), line({ session: 's1', id: 'msg_1' }));
  chmodSync(path, 0);
  const options = NOBODY === undefined ? {} : { uid: NOBODY };
  for (const _ of [1, 2]) expect(hook(home, toolEvent('s1', path), options)).toEqual(SILENT);
  const log = readFileSync(home.log, 'utf8').trimEnd().split('\n');
  expect(log).toEqual([expect.stringMatching(/ transcript: .*EACCES.*s1\.jsonl/)]);
});

test("another program's files are named, and are no fault", () => {
  const line = { timestamp: 't', type: 'event_msg', payload: {} };
  const home = homeWith({ 'p/s1.jsonl': request('s1'), 'p/x.jsonl': textOf([line, line]) });
  const path = join(home.projects, 'p/x.jsonl');
  const before = doctor(home);
  const verified = run(home, ['verify']);
  expect(verified.status).toBe(0);
  expect(verified.stdout).toContain(
    `ok    other programs' transcripts: ${path} (2 lines of Codex)`,
  );
  expect(run(home, ['daily']).stderr).toContain(`not included: ${path} (2 lines of Codex)`);
  expect(doctor(home)).toEqual(before);
  expect(before).toMatchObject([
    { state: 'warn', message: `1 file of other programs: ${path} (2 lines of Codex)` },
  ]);
});

test('a damaged archive is named by doctor before and after an import', () => {
  const home = homeWith({ 'p/s1.jsonl.gz': gzipSync(request('s1')).subarray(0, 100) });
  const before = doctor(home);
  expect(before).toMatchObject([{ state: 'fail' }]);
  expect(before[0]?.message).toContain('the file is cut off; only what is there was read');
  run(home, ['import']);
  expect(doctor(home)).toEqual(before);
  expect(run(home, ['verify']).status).toBe(1);
});

describe('CLAUDE_CONFIG_DIR', () => {
  const requests = (home: Home, env: Record<string, string>): [number, string] => {
    const { stdout, stderr } = run(home, ['daily', '--json'], env);
    const { totals } = JSON.parse(stdout) as { totals: { requests: number } };
    return [totals.requests, stderr];
  };

  test.each(['projects', 'history/moved', 'projects,'])('may name the folder %s itself', (name) => {
    const home = homeWith({
      '-p/s1.jsonl': request('s1'),
      '../history/moved/-p/s2.jsonl': request('s2'),
    });
    const folder = join(home.folder, '.claude', name);
    expect(requests(home, { CLAUDE_CONFIG_DIR: folder })).toEqual([1, '']);
  });

  test('with a folder twice, or one that a link leads to, reads it once', () => {
    const home = homeWith({ '-p/s1.jsonl': request('s1') });
    symlinkSync('.claude', join(home.folder, 'link'));
    const config = join(home.folder, '.claude');
    const env = { CLAUDE_CONFIG_DIR: `${config},${config},${join(home.folder, 'link')}` };
    expect(JSON.parse(run(home, ['import', '--json'], env).stdout)).toMatchObject({
      files: 1,
      lines: 1,
    });
  });

  test.each([
    ['/nonexistent', '/nonexistent', 'it does not exist', /^Set CLAUDE_CONFIG_DIR to/],
    ['~/nowhere', '~/nowhere', 'it does not exist', /^Set CLAUDE_CONFIG_DIR to/],
    [
      '~/.claude:~/other',
      '~/.claude:~/other',
      'it does not exist',
      /^Separate folders with a comma/,
    ],
    ['~/other', '~/other', 'it has no projects folder', /^Set CLAUDE_CONFIG_DIR to/],
    ['~/.claude,~/other', '~/other', 'it has no projects folder', /^Set CLAUDE_CONFIG_DIR to/],
    ['~/file', '~/file', 'it has no projects folder', /^Set CLAUDE_CONFIG_DIR to/],
  ])('%s is named where %s is wrong', (value, wrong, what, fix) => {
    const home = homeWith({ '-p/s1.jsonl': request('s1') });
    mkdirSync(join(home.folder, 'other'));
    writeFileSync(join(home.folder, 'file'), '');
    const path = wrong.replaceAll('~', home.folder);
    const env = { CLAUDE_CONFIG_DIR: value };
    const named = path.includes(':') ? `${home.folder}/.claude:~/other` : path;
    const reason = `CLAUDE_CONFIG_DIR names this folder, but ${what}`;
    expect(requests(home, env)[1]).toContain(`not included: ${named} (${reason})`);
    expect(run(home, ['import'], env).stdout).toContain(`Not read: ${named} (${reason})`);
    expect(doctor(home, env)).toMatchObject([{ state: 'fail', fix: expect.stringMatching(fix) }]);
    expect(run(home, ['verify'], env).stdout).toContain(`FAULT unreadable transcripts: ${named}`);
  });
});

test('a relative ledger is the same file for commands, hooks and status line in every folder', () => {
  const home = homeWith({ '-p/s1.jsonl': request('s1') });
  const env = { TELEMETRY_DB_PATH: 'team/costs.db' };
  for (const cwd of [home.folder, home.projects]) {
    cli(home, ['import'], { env, cwd });
    cli(home, ['statusline'], { env, cwd });
  }
  expect(readdirSync(join(home.data, 'team'))).toContain('costs.db');
  expect(readdirSync(home.projects)).toEqual(['-p']);
  expect(readdirSync(home.folder).sort()).toEqual(['.claude', '.local']);
});
