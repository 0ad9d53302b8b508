import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, readlinkSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseOwnCommand } from '../../../src/agents/shared/own-command.ts';
import { setupOf } from '../../../src/agents/registry.ts';
import { type Home, temporaryHome } from '../../helpers/home.ts';
import {
  AGENT_NAMES,
  agentFiles,
  filesOf,
  putFile,
  run,
} from '../../helpers/program/agent-setup.ts';
import { cli, hookFile } from '../../helpers/program/run.ts';
import { isThorough } from '../../helpers/thorough.ts';

/** Agents whose hooks lie in a settings file that the user edits too. */
const SETTINGS_AGENTS = ['codex', 'gemini', 'qwen', 'droid'];

const foreignHook = { type: 'command', command: 'node /home/u/dist/hooks/mine.cjs --agent codex' };
const DOCUMENTS: Record<string, string> = {
  'an empty file': '',
  'an empty object': '{}',
  'an object with a break': '{\n}\n',
  'tabs and CR LF': '{\r\n\t"theme": "dark"\r\n}\r\n',
  'one line without an end': '{"security":{"auth":{}},"hooks":{}}',
  'a byte order mark': '\uFEFF{\n    "theme": "dark"\n}',
  "others' hooks": `${JSON.stringify(
    {
      hooks: {
        PostToolUse: [{ matcher: 'Bash', hooks: [foreignHook] }],
        Stop: [],
        AfterTool: [{ hooks: [foreignHook, foreignHook] }],
      },
    },
    null,
    3,
  )}\n`,
};

/** Every command line of ours in the files of an agent. */
function commandsIn(home: Home, name: string): string[] {
  return Object.entries(filesOf(home)).flatMap(([file, text]) =>
    agentFiles(home, name).includes(file)
      ? (setupOf(name)?.installer.commands(file, text.slice(text.indexOf(' ') + 1)) ?? [])
      : [],
  );
}

describe.each(AGENT_NAMES)('init and uninstall for %s', (name) => {
  test('leave nothing behind on a machine without the agent', () => {
    const home = temporaryHome();
    const before = filesOf(home);
    expect(run(home, 'init', '--agent', name, '--yes')).toContain(': added hooks to ');
    const written = filesOf(home);
    expect(Object.keys(written)).toEqual(
      expect.arrayContaining(agentFiles(home, name).slice(0, 1)),
    );
    // Claude Code was not named.
    expect(Object.keys(written)).not.toContain('.claude/settings.json');
    run(home, 'init', '--agent', name, '--yes');
    expect(filesOf(home, { withBackups: true })).toEqual(written);
    expect(run(home, 'uninstall', '--agent', name)).toContain('deleted what init had created');
    expect(filesOf(home, { withBackups: true })).toEqual(before);
    expect(run(home, 'uninstall', '--agent', name)).toContain('has no tallyhook hooks');
  });

  test("register Claude Code's command line with the agent's name", () => {
    const home = temporaryHome();
    run(home, 'init', '--agent', name, '--yes', '--budgets');
    const commands = new Set(commandsIn(home, name));
    expect([...commands]).toEqual([`${process.execPath} ${hookFile} --agent ${name}`]);
    for (const command of commands) expect(parseOwnCommand(command)).not.toBeNull();
  });

  test('write nothing with --dry-run and --print', () => {
    const home = temporaryHome();
    const before = filesOf(home);
    const dry = cli(home, ['init', '--agent', name, '--dry-run']);
    expect(dry).toMatchObject({ status: 0, stderr: 'Nothing was written.\n' });
    for (const file of agentFiles(home, name).slice(0, 1)) {
      expect(dry.stdout).toContain(`+++ ${join(home.folder, file)}\n`);
    }
    expect(run(home, 'init', '--agent', name, '--print')).toContain(`--agent ${name}`);
    expect(filesOf(home)).toEqual(before);
    run(home, 'init', '--agent', name, '--yes');
    const written = filesOf(home);
    const removal = cli(home, ['uninstall', '--agent', name, '--dry-run']);
    expect(removal).toMatchObject({ status: 0, stderr: 'Nothing was written.\n' });
    expect(removal.stdout).toMatch(/^-.*--agent/m);
    expect(filesOf(home)).toEqual(written);
  });

  test('add the hooks of budgets later, and remove all of them', () => {
    const home = temporaryHome();
    const before = filesOf(home);
    run(home, 'init', '--agent', name, '--yes');
    const recording = filesOf(home);
    const said = run(home, 'init', '--agent', name, '--yes', '--budgets');
    const setup = setupOf(name);
    expect(said).toContain(setup?.canRefuse === true ? 'can also stop' : 'can only warn');
    const isChanged = JSON.stringify(filesOf(home)) !== JSON.stringify(recording);
    expect(isChanged).toBe(setup?.canRefuse);
    run(home, 'uninstall', '--agent', name);
    expect(filesOf(home, { withBackups: true })).toEqual(before);
  });
});

/** The other documents are edited in the same way. */
const EDITED = Object.entries(DOCUMENTS).slice(isThorough ? 0 : -2);

describe.each(SETTINGS_AGENTS)('a settings file of %s', (name) => {
  test.each(Object.entries(DOCUMENTS))('comes back byte for byte: %s', (_, text) => {
    const home = temporaryHome();
    const [file = ''] = agentFiles(home, name);
    putFile(home, file, text);
    chmodSync(join(home.folder, file), 0o640);
    const before = filesOf(home);
    run(home, 'init', '--agent', name, '--yes', '--budgets');
    const written = filesOf(home, { withBackups: true });
    expect(statSync(join(home.folder, file)).mode & 0o777).toBe(0o640);
    run(home, 'init', '--agent', name, '--yes', '--budgets');
    expect(filesOf(home, { withBackups: true })).toEqual(written);
    const said = run(home, 'uninstall', '--agent', name);
    expect(said).toContain(`${join(home.folder, file)} is byte for byte as before init.`);
    expect(said).toContain('Backups that are left');
    expect(filesOf(home)).toEqual(before);
  });

  test.each(EDITED)('keeps what was added since init: %s', (_, text) => {
    const home = temporaryHome();
    const [file = ''] = agentFiles(home, name);
    putFile(home, file, text);
    run(home, 'init', '--agent', name, '--yes');
    const path = join(home.folder, file);
    const edited = readFileSync(path, 'utf8').replace(/\}(\s*)$/, ',"mine":1}$1');
    putFile(home, file, edited);
    run(home, 'init', '--agent', name, '--yes', '--budgets');
    expect(run(home, 'uninstall', '--agent', name)).toContain('other changes since init are kept');
    const after = readFileSync(path, 'utf8');
    expect(after).toContain('"mine":1');
    expect(after).not.toContain(hookFile);
  });
});

test("Cline's hooks can be run, and let it continue", () => {
  const home = temporaryHome();
  run(home, 'init', '--agent', 'cline', '--yes');
  for (const file of agentFiles(home, 'cline')) {
    const ran = spawnSync(join(home.folder, file), {
      input: '{}',
      env: home.env,
      encoding: 'utf8',
    });
    expect(ran).toMatchObject({ status: 0, stdout: '{"cancel": false}\n', stderr: '' });
  }
});

test('a link into a folder of dotfiles stays one', () => {
  const home = temporaryHome();
  putFile(home, 'dotfiles/gemini.json', '{ "theme": "dark" }');
  mkdirSync(join(home.folder, '.gemini'));
  const link = join(home.folder, '.gemini/settings.json');
  symlinkSync('../dotfiles/gemini.json', link);
  run(home, 'init', '--agent', 'gemini', '--yes');
  expect(readFileSync(join(home.folder, 'dotfiles/gemini.json'), 'utf8')).toContain('--agent');
  run(home, 'uninstall');
  expect(readlinkSync(link)).toBe('../dotfiles/gemini.json');
  expect(readFileSync(link, 'utf8')).toBe('{ "theme": "dark" }');
});

test('folders that stood empty before init stay', () => {
  const home = temporaryHome();
  mkdirSync(join(home.folder, '.config/opencode'), { recursive: true });
  const before = filesOf(home);
  run(home, 'init', '--agent', 'opencode', '--yes');
  run(home, 'uninstall');
  expect(filesOf(home)).toEqual(before);
});
