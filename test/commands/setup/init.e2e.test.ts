import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  statSync,
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
    run(home, 'init');
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
    run(home, 'init');
    expect(existsSync(settingsPath(home))).toBe(true);
    run(home, 'uninstall');
    expect(existsSync(settingsPath(home))).toBe(false);
  });

  test('of a project write into the folder where they run', () => {
    const home = temporaryHome();
    const cwd = join(home.folder, 'shop');
    mkdirSync(cwd);
    expect(cli(home, ['init', '--project'], { cwd })).toMatchObject({ status: 0, stderr: '' });
    expect(existsSync(join(cwd, '.claude/settings.json'))).toBe(true);
    expect(existsSync(settingsPath(home))).toBe(false);
    expect(cli(home, ['uninstall', '--project'], { cwd })).toMatchObject({ status: 0, stderr: '' });
    expect(existsSync(join(cwd, '.claude/settings.json'))).toBe(false);
  });

  test("of this folder alone write into the project's local settings", () => {
    const home = temporaryHome();
    const cwd = join(home.folder, 'shop');
    mkdirSync(cwd);
    expect(cli(home, ['init', '--local'], { cwd })).toMatchObject({ status: 0, stderr: '' });
    expect(existsSync(join(cwd, '.claude/settings.local.json'))).toBe(true);
    expect(existsSync(join(cwd, '.claude/settings.json'))).toBe(false);
    run(home, 'init');
    const { stdout } = cli(home, ['uninstall', '--local'], { cwd });
    expect(stdout).toContain(`still installed by ${settingsPath(home)}.`);
    expect(existsSync(join(cwd, '.claude'))).toBe(false);
  });

  test('write where CLAUDE_CONFIG_DIR says', () => {
    const home = temporaryHome();
    const env = { CLAUDE_CONFIG_DIR: join(home.folder, 'elsewhere') };
    expect(cli(home, ['init'], { env })).toMatchObject({ status: 0, stderr: '' });
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
    run(home, 'init');
    expect(run(home, 'init', '--statusline')).toContain('Status line installed.\n');
    expect(shown(home, status(home).command)).toMatch(/^Opus 4\.8 · \$1\.24 session .*\n$/);
    const first = readFileSync(path, 'utf8');
    run(home, 'init', '--statusline');
    run(home, 'init');
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
    expect(run(home, 'init', '--statusline')).toContain('installed below your existing one');
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
      run(home, 'init', '--statusline');
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

  test('is not read without a word to that end', () => {
    const home = temporaryHome();
    history(home);
    expect(run(home, 'init')).not.toContain('Read ');
    expect(run(home, 'init', '--yes', '--no-import')).not.toContain('Read ');
    expect(recordedIds(home)).toEqual([]);
    expect(run(home, 'init', '--import')).toContain('Read 1 transcript: 2 requests.');
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
    run(home, 'init');
    expect(events(home)).toEqual(RECORDING);
    const said = run(home, 'init', '--budgets');
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
    run(home, 'init', '--budgets');
    run(home, 'init');
    expect(readFileSync(path, 'utf8')).toBe(written);
    run(home, 'uninstall');
    expect(readFileSync(path, 'utf8')).toBe(text);
  });

  test('has PreToolUse where a budget asks', () => {
    const home = temporaryHome();
    run(home, 'budget', 'set', 'cap', '--limit', '1', '--per', 'day', '--action', 'ask');
    expect(run(home, 'init', '--budgets')).toContain('PreToolUse is installed');
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
  run(home, 'init');
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
