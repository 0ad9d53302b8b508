import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Home, temporaryHome } from '../../helpers/home.ts';
import { cli } from '../../helpers/program/run.ts';
import { recordedIds } from '../../helpers/recorded.ts';
import { append, request, toolEvent, transcriptPath } from '../../helpers/lines.ts';
import { statusJson } from '../../helpers/statusline.ts';

interface Settings {
  hooks: Record<string, { hooks: { type: string; command: string; async?: boolean }[] }[]>;
}

function settingsPath(home: Home): string {
  return join(home.folder, '.claude/settings.json');
}

function given(home: Home, text: string): string {
  const path = settingsPath(home);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return path;
}

function settings(path: string): Settings {
  return JSON.parse(readFileSync(path, 'utf8')) as Settings;
}

/** Runs a command that must succeed without a word on stderr. */
function run(home: Home, ...args: string[]): string {
  const { status, stdout, stderr } = cli(home, args);
  expect({ args, status, stderr }).toEqual({ args, status: 0, stderr: '' });
  return stdout;
}

const DOCUMENTS = {
  'an empty object': '{}',
  'two spaces and other hooks':
    '{\n  "model": "opus",\n  "hooks": {\n    "PostToolUse": [\n      { "matcher": "Bash", "hooks": [{ "type": "command", "command": "true" }] }\n    ]\n  }\n}\n',
  'tabs and CR LF': '{\r\n\t"env": {\r\n\t\t"A": "1"\r\n\t}\r\n}\r\n',
  'one line without an end': '{"permissions":{"allow":["Bash(ls *)"]}}',
};

describe('init and uninstall', () => {
  test.each(Object.entries(DOCUMENTS))('leave %s as it was, byte for byte', (_, text) => {
    const home = temporaryHome();
    const path = given(home, text);
    chmodSync(path, 0o640);
    run(home, 'init', '--yes');
    const first = readFileSync(path, 'utf8');
    expect(Object.keys(settings(path).hooks)).toContain('PostToolUse');
    expect(statSync(path).mode & 0o777).toBe(0o640);
    const files = readdirSync(dirname(path));
    run(home, 'init', '--yes');
    expect(readFileSync(path, 'utf8')).toBe(first);
    expect(readdirSync(dirname(path))).toEqual(files);
    run(home, 'uninstall');
    expect(readFileSync(path, 'utf8')).toBe(text);
    expect(statSync(path).mode & 0o777).toBe(0o640);
    run(home, 'uninstall');
    expect(readFileSync(path, 'utf8')).toBe(text);
  });

  test('take away a file that init had made', () => {
    const home = temporaryHome();
    run(home, 'init', '--yes');
    expect(existsSync(settingsPath(home))).toBe(true);
    run(home, 'uninstall');
    expect(existsSync(settingsPath(home))).toBe(false);
  });

  test('of a project write into the folder where they run', () => {
    const home = temporaryHome();
    const cwd = join(home.folder, 'shop');
    mkdirSync(cwd);
    expect(cli(home, ['init', '--yes', '--project'], { cwd })).toMatchObject({
      status: 0,
      stderr: '',
    });
    expect(existsSync(join(cwd, '.claude/settings.json'))).toBe(true);
    expect(existsSync(settingsPath(home))).toBe(false);
    expect(cli(home, ['uninstall', '--project'], { cwd })).toMatchObject({ status: 0, stderr: '' });
    expect(existsSync(join(cwd, '.claude/settings.json'))).toBe(false);
  });

  test("of this folder alone write into the project's local settings", () => {
    const home = temporaryHome();
    const cwd = join(home.folder, 'shop');
    mkdirSync(cwd);
    expect(cli(home, ['init', '--yes', '--local'], { cwd })).toMatchObject({
      status: 0,
      stderr: '',
    });
    expect(existsSync(join(cwd, '.claude/settings.local.json'))).toBe(true);
    expect(existsSync(join(cwd, '.claude/settings.json'))).toBe(false);
    run(home, 'init', '--yes');
    const { stdout } = cli(home, ['uninstall', '--local'], { cwd });
    expect(stdout).toContain(`still installed by ${settingsPath(home)}.`);
    expect(existsSync(join(cwd, '.claude'))).toBe(false);
  });

  test('write where CLAUDE_CONFIG_DIR says', () => {
    const home = temporaryHome();
    const env = { CLAUDE_CONFIG_DIR: join(home.folder, 'elsewhere') };
    expect(cli(home, ['init', '--yes'], { env })).toMatchObject({ status: 0, stderr: '' });
    expect(existsSync(join(home.folder, 'elsewhere/settings.json'))).toBe(true);
    expect(existsSync(settingsPath(home))).toBe(false);
  });
});

describe('init --statusline', () => {
  const status = (home: Home): { command: string } => {
    const text = readFileSync(settingsPath(home), 'utf8');
    return (JSON.parse(text) as { statusLine: { command: string } }).statusLine;
  };
  const shown = (home: Home, command: string): string => {
    const env = { ...home.env, NO_COLOR: '1' };
    const options = { input: JSON.stringify(statusJson()), env, encoding: 'utf8' } as const;
    return spawnSync('/bin/sh', ['-c', command], options).stdout;
  };

  test('shows the cost, and goes with uninstall', () => {
    const home = temporaryHome();
    const text = DOCUMENTS['two spaces and other hooks'];
    const path = given(home, text);
    run(home, 'init', '--yes');
    expect(run(home, 'init', '--yes', '--statusline')).toContain('Status line installed.\n');
    expect(shown(home, status(home).command)).toMatch(/^Opus 4\.8 · \$1\.24 session .*\n$/);
    const first = readFileSync(path, 'utf8');
    run(home, 'init', '--yes', '--statusline');
    run(home, 'init', '--yes');
    expect(readFileSync(path, 'utf8')).toBe(first);
    expect(run(home, 'uninstall')).toContain('Status line restored.');
    expect(readFileSync(path, 'utf8')).toBe(text);
  });

  test("keeps somebody else's above ours, with what the client says on its stdin", () => {
    const home = temporaryHome();
    const command = `sed 's/.*"display_name":"\\([^"]*\\)".*/model: \\1, it'"'"'s/'`;
    const line = { type: 'command', command, padding: 0 };
    const text = `${JSON.stringify({ statusLine: line }, null, 3)}\n`;
    const path = given(home, text);
    expect(shown(home, command).trim()).toBe("model: Opus 4.8, it's");
    expect(run(home, 'init', '--yes', '--statusline')).toContain(
      'installed below your existing one',
    );
    expect(status(home)).toMatchObject({ padding: 0 });
    expect(shown(home, status(home).command)).toMatch(/^model: Opus 4\.8, it's\nOpus 4\.8 · .*\n$/);
    run(home, 'uninstall');
    expect(readFileSync(path, 'utf8')).toBe(text);
  });

  test.each(['exit 3', 'kill -9 $$', 'cat >/dev/null', '/nowhere/line'])(
    'shows ours alone where the other one fails or says nothing: %s',
    (command) => {
      const home = temporaryHome();
      given(home, JSON.stringify({ statusLine: { type: 'command', command } }));
      run(home, 'init', '--yes', '--statusline');
      expect(shown(home, status(home).command)).toMatch(/^Opus 4\.8 · [^\n]*\n$/);
    },
  );
});

describe('the history', () => {
  const history = (home: Home): void => {
    for (const id of ['msg_1', 'msg_2']) {
      append(transcriptPath(home, 's1'), request({ session: 's1', id }));
    }
  };

  test('is read with --yes, and what it comes to is shown', () => {
    const home = temporaryHome();
    history(home);
    const said = run(home, 'init', '--yes');
    expect(said).toMatch(/\nRead 1 transcript: 2 requests\.\n\n/);
    expect(said).toMatch(/^All time +2 .*\$0\.0051$/m);
    expect(recordedIds(home)).toEqual(['msg_1', 'msg_2']);
    expect(run(home, 'init', '--yes')).toContain('Read 1 transcript: 0 requests.');
  });

  test('is not read with --no-import', () => {
    const home = temporaryHome();
    history(home);
    expect(run(home, 'init', '--yes', '--no-import')).not.toContain('Read ');
    expect(recordedIds(home)).toEqual([]);
    expect(run(home, 'init', '--yes', '--import')).toContain('Read 1 transcript: 2 requests.');
  });

  test('that is not there yet is no trouble', () => {
    expect(run(temporaryHome(), 'init', '--yes')).not.toContain('Read ');
  });
});

describe('uninstall --purge', () => {
  test('deletes what was recorded when it is told to, and nothing else', () => {
    const home = temporaryHome();
    append(transcriptPath(home, 's1'), request({ session: 's1', id: 'msg_1' }));
    run(home, 'init', '--yes');
    writeFileSync(join(home.data, 'mine.txt'), 'mine');
    const path = settingsPath(home);
    const before = readFileSync(path, 'utf8');
    const refused = cli(home, ['uninstall', '--purge']);
    expect(refused).toMatchObject({ status: 2, stdout: '' });
    expect(refused.stderr).toContain('there is no terminal to confirm on\nAdd --yes');
    expect(readFileSync(path, 'utf8')).toBe(before);
    expect(recordedIds(home)).toEqual(['msg_1']);
    expect(cli(home, ['uninstall', '--purge', '--dry-run']).stderr).toContain(
      `${home.ledger} would be deleted.`,
    );
    expect(recordedIds(home)).toEqual(['msg_1']);
    expect(run(home, 'uninstall', '--purge', '--yes')).toContain('Recorded costs deleted.');
    expect(readdirSync(home.data)).toEqual(['mine.txt']);
    expect(existsSync(path)).toBe(false);
    expect(existsSync(transcriptPath(home, 's1'))).toBe(true);
  });

  test('keeps the ledger otherwise', () => {
    const home = temporaryHome();
    append(transcriptPath(home, 's1'), request({ session: 's1', id: 'msg_1' }));
    run(home, 'init', '--yes');
    expect(run(home, 'uninstall')).toContain('Recorded costs are kept.');
    expect(recordedIds(home)).toEqual(['msg_1']);
  });
});

describe('init --budgets', () => {
  const events = (home: Home) => Object.keys(settings(settingsPath(home)).hooks).toSorted();
  const RECORDING = [
    'PostToolUse',
    'PostToolUseFailure',
    'SessionEnd',
    'SessionStart',
    'Stop',
    'SubagentStop',
  ];
  const ENFORCING = [...RECORDING, 'PostToolBatch', 'PreCompact', 'UserPromptSubmit'].toSorted();

  test('adds what a budget needs to stop the work; init leaves it, uninstall takes it out', () => {
    const home = temporaryHome();
    const text = DOCUMENTS['two spaces and other hooks'];
    const path = given(home, text);
    run(home, 'init', '--yes');
    expect(events(home)).toEqual(RECORDING);
    const said = run(home, 'init', '--yes', '--budgets');
    expect(said.replaceAll(home.folder, '~').replace(/file: .*/, 'file: BACKUP'))
      .toMatchInlineSnapshot(`
        "Added hooks for PostToolBatch, UserPromptSubmit, PreCompact to ~/.claude/settings.json.
        Backup of the previous file: BACKUP
        Budgets can now stop a session: tallyhook budget set NAME --limit 20 --per day --action stop
        PreToolUse is not installed, because no budget asks. After setting one with --action ask, run this again.
        Use Claude Code as usual, then run: tallyhook summary --session last
        "
      `);
    expect(events(home)).toEqual(ENFORCING);
    const written = readFileSync(path, 'utf8');
    const hooks = Object.entries(settings(path).hooks);
    const synchronous = hooks.filter(([, groups]) => groups.at(-1)?.hooks[0]?.async !== true);
    expect(synchronous.map(([event]) => event).filter((event) => /Tool/.test(event))).toEqual([
      'PostToolBatch',
    ]);
    run(home, 'init', '--yes', '--budgets');
    run(home, 'init', '--yes');
    expect(readFileSync(path, 'utf8')).toBe(written);
    run(home, 'uninstall');
    expect(readFileSync(path, 'utf8')).toBe(text);
  });

  test('has PreToolUse where a budget asks', () => {
    const home = temporaryHome();
    run(home, 'budget', 'set', 'cap', '--limit', '1', '--per', 'day', '--action', 'ask');
    expect(run(home, 'init', '--yes', '--budgets')).toContain('PreToolUse is installed');
    expect(events(home)).toEqual([...ENFORCING, 'PreToolUse'].toSorted());
    expect(JSON.parse(run(home, 'init', '--budgets', '--print'))).toHaveProperty(
      'hooks.PreToolUse',
    );
    run(home, 'uninstall');
    expect(existsSync(settingsPath(home))).toBe(false);
  });

  test('writes nothing with --print and --dry-run', () => {
    const home = temporaryHome();
    expect(JSON.parse(run(home, 'init', '--budgets', '--print'))).toHaveProperty(
      'hooks.PostToolBatch',
    );
    expect(cli(home, ['init', '--budgets', '--dry-run']).stdout).toContain('"UserPromptSubmit"');
    expect(existsSync(settingsPath(home))).toBe(false);
  });
});

test('every hook that init writes runs, records, and says nothing', () => {
  const home = temporaryHome();
  run(home, 'init', '--yes');
  const { hooks } = settings(settingsPath(home));
  const names = Object.keys(hooks);
  expect(names).toEqual(
    expect.arrayContaining(['PostToolUse', 'Stop', 'SubagentStop', 'SessionEnd']),
  );
  for (const [index, name] of names.entries()) {
    const [hook] = hooks[name]?.flatMap((group) => group.hooks) ?? [];
    const path = append(
      transcriptPath(home, 's1'),
      request({ session: 's1', id: `msg_${10 + index}` }),
    );
    // As the client runs it; nothing but a shell and the environment.
    const { status, stdout, stderr } = spawnSync('/bin/sh', ['-c', hook?.command ?? 'exit 9'], {
      input: JSON.stringify(toolEvent('s1', path, { hook_event_name: name })),
      env: { ...home.env, PATH: '/usr/bin:/bin' },
      encoding: 'utf8',
    });
    expect({ name, status, stdout, stderr }).toEqual({ name, status: 0, stdout: '', stderr: '' });
  }
  expect(recordedIds(home)).toEqual(names.map((_, index) => `msg_${10 + index}`));
  run(home, 'uninstall');
  expect(recordedIds(home)).toHaveLength(names.length);
});

describe('init writes nothing', () => {
  test.each([
    [],
    ['--global'],
    ['--local', '--statusline'],
    ['--project', '--budgets'],
    ['--import'],
  ])('without a terminal and without --yes: %j', (...flags) => {
    const home = temporaryHome();
    const path = given(home, DOCUMENTS['one line without an end']);
    append(transcriptPath(home, 's1'), request({ session: 's1', id: 'msg_1' }));
    const { status, stdout, stderr } = cli(home, ['init', ...flags]);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(/no terminal to ask on; nothing was changed\nAdd --yes/);
    expect(readFileSync(path, 'utf8')).toBe(DOCUMENTS['one line without an end']);
    expect(readdirSync(dirname(path)).toSorted()).toEqual(['projects', 'settings.json']);
    expect(existsSync(home.data)).toBe(false);
  });

  test('with --dry-run and --print, and their output can be used', () => {
    const home = temporaryHome();
    const path = given(home, DOCUMENTS['an empty object']);
    expect(JSON.parse(run(home, 'init', '--print'))).toMatchObject({
      hooks: { PostToolUse: [{}] },
    });
    const dry = cli(home, ['init', '--dry-run']);
    expect(dry.status).toBe(0);
    expect(dry.stdout).toMatch(/^--- .*settings\.json[^]*^\+ +"hooks"/m);
    expect(readFileSync(path, 'utf8')).toBe('{}');
    expect(readdirSync(dirname(path)).toSorted()).toEqual(['projects', 'settings.json']);
    expect(existsSync(home.data)).toBe(false);
  });

  test.each(['{', 'no JSON', '[]', '"x"', '{"hooks": 1}', '{"hooks": {"Stop": {}}}'])(
    'into settings that it can not read: %s',
    (text) => {
      const home = temporaryHome();
      const path = given(home, text);
      const { status, stdout, stderr } = cli(home, ['init']);
      expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
      expect(stderr).toMatch(/^tallyhook: [^\n]+settings\.json[^\n]*\n([^\n]+\n)?$/);
      expect(readFileSync(path, 'utf8')).toBe(text);
    },
  );

  test.each([['--global --project'], ['--local --project'], ['--nonsense']])('with %s', (flags) => {
    const home = temporaryHome();
    const { status, stdout, stderr } = cli(home, ['init', ...flags.split(' ')]);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(/^tallyhook: [^\n]+\n([^\n]+\n)?$/);
    expect(existsSync(settingsPath(home))).toBe(false);
  });
});

describe('settings that Claude Code ignores', () => {
  test.each([
    ['// mine\n{}\n', 'comments or trailing commas'],
    ['{\n  /* mine */\n  "model": "opus"\n}\n', 'comments or trailing commas'],
    ['{ "model": "opus", }', 'comments or trailing commas'],
    ['{ "disableAllHooks": true }', '"disableAllHooks" is true'],
  ])('fail init at each run, and doctor: %j', (text, reason) => {
    const home = temporaryHome();
    given(home, text);
    for (const _ of ['first', 'second']) {
      const { status, stdout } = cli(home, ['init', '--yes']);
      expect(status).toBe(1);
      expect(stdout).toContain(reason);
      expect(stdout).toContain('NOTHING will be recorded');
    }
    expect(cli(home, ['doctor']).status).toBe(1);
  });
});

describe('several folders in CLAUDE_CONFIG_DIR', () => {
  const several = (): { home: Home; env: Record<string, string>; paths: string[] } => {
    const home = temporaryHome();
    const folders = ['work', 'private'].map((name) => join(home.folder, name));
    for (const folder of folders) mkdirSync(join(folder, 'projects'), { recursive: true });
    symlinkSync('work', join(home.folder, 'link'));
    const env = { CLAUDE_CONFIG_DIR: [...folders, join(home.folder, 'link')].join(',') };
    return { home, env, paths: folders.map((folder) => join(folder, 'settings.json')) };
  };
  const hookFindings = (home: Home, env: Record<string, string>): string[] => {
    const { stdout } = cli(home, ['doctor', '--json'], { env });
    const { findings } = JSON.parse(stdout) as { findings: { check: string; message: string }[] };
    return findings.filter(({ check }) => check === 'hooks').map(({ message }) => message);
  };

  test('init, doctor and uninstall cover all of them', () => {
    const { home, env, paths } = several();
    const [work = '', personal = ''] = paths;
    writeFileSync(work, '{ "model": "opus" }');
    const dry = cli(home, ['init', '--dry-run'], { env }).stdout;
    for (const path of paths) expect(dry).toContain(`+++ ${path}`);
    expect(cli(home, ['init', '--yes'], { env })).toMatchObject({ status: 0, stderr: '' });
    for (const path of paths) expect(Object.keys(settings(path).hooks)).toContain('PostToolUse');
    expect(hookFindings(home, env)).toHaveLength(2);
    writeFileSync(personal, '{}');
    expect(hookFindings(home, env)).toContain(`no tallyhook hooks are registered in ${personal}`);
    expect(cli(home, ['init', '--yes'], { env }).status).toBe(0);
    expect(cli(home, ['uninstall'], { env })).toMatchObject({ status: 0, stderr: '' });
    expect(readFileSync(work, 'utf8')).toBe('{ "model": "opus" }');
    expect(readFileSync(personal, 'utf8')).not.toContain('record.cjs');
  });

  test('one that can not be edited leaves all as they were', () => {
    const { home, env, paths } = several();
    const [work = '', personal = ''] = paths;
    writeFileSync(personal, '{');
    expect(cli(home, ['init', '--yes'], { env }).status).toBe(2);
    expect(existsSync(work)).toBe(false);
  });
});

describe('uninstall names what it leaves', () => {
  test('backups', () => {
    const home = temporaryHome();
    const path = given(home, '{ "model": "opus" }');
    run(home, 'init', '--yes');
    writeFileSync(path, readFileSync(path, 'utf8').replace('opus', 'sonnet'));
    const said = run(home, 'uninstall');
    const backups = readdirSync(dirname(path)).filter((name) => name.includes('tallyhook-backup'));
    expect(backups).toHaveLength(2);
    for (const name of backups) expect(said).toContain(`\n${join(dirname(path), name)}\n`);
    expect(run(home, 'uninstall')).toContain(backups[0]);
  });

  const SECRET = 'https://hooks.slack.com/services/T/B/secret';
  const own = (home: Home, text: string): string => {
    const path = join(home.folder, '.config/tallyhook/settings.json');
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text, { mode: 0o600 });
    return path;
  };

  test.each([
    `{ "alerts": { "slackUrl": "${SECRET}" } }`,
    `// mine\n{ "alerts": { "smtpPassword": "x", }, "timezone": "UTC" }`,
  ])('--purge deletes settings with secrets: %s', (text) => {
    const home = temporaryHome();
    const path = own(home, text);
    const isFound = cli(home, ['uninstall', '--purge', '--dry-run']).stderr;
    expect(isFound).toContain(`${path} would be deleted.`);
    expect(cli(home, ['uninstall', '--purge']).status).toBe(2);
    expect(readFileSync(path, 'utf8')).toBe(text);
    expect(cli(home, ['uninstall', '--purge', '--yes']).stdout).toContain(
      'Settings deleted, with ',
    );
    expect(existsSync(path)).toBe(false);
  });

  test('settings without secrets are kept, and so are all without --purge', () => {
    const home = temporaryHome();
    const path = own(home, '{ "timezone": "UTC" }');
    expect(run(home, 'uninstall', '--purge', '--yes')).toContain(`Your settings are kept: ${path}`);
    own(home, `{ "alerts": { "slackUrl": "${SECRET}" } }`);
    run(home, 'uninstall');
    expect(readFileSync(path, 'utf8')).toContain(SECRET);
  });
});
