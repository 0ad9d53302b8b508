import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Home, temporaryHome } from '../../helpers/home.ts';
import {
  AGENT_NAMES,
  addAgent,
  agentFiles,
  filesOf,
  putFile,
  run,
} from '../../helpers/program/agent-setup.ts';
import { cli } from '../../helpers/program/run.ts';

const FOREIGN = '#!/bin/sh\necho mine\n';

function registered(home: Home): string[] {
  const files = Object.keys(filesOf(home));
  return AGENT_NAMES.filter((name) => agentFiles(home, name).some((file) => files.includes(file)));
}

/** A folder for the PATH with one program that does nothing. */
function folderWith(home: Home, program: string): string {
  const folder = join(home.folder, 'bin');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, program), '#!/bin/sh\n');
  chmodSync(join(folder, program), 0o755);
  return folder;
}

describe('init --yes', () => {
  test('sets up Claude Code and every agent that has a folder, and says so', () => {
    const home = temporaryHome();
    for (const name of AGENT_NAMES) addAgent(home, name);
    const before = filesOf(home);
    const said = run(home, 'init', '--yes');
    expect(registered(home)).toEqual(AGENT_NAMES);
    expect(said).toMatch(/^Added hooks for .*\/\.claude\/settings\.json\.$/m);
    expect(said.match(/^.*: added hooks to /gm)).toHaveLength(AGENT_NAMES.length);
    expect(said).toMatch(/^Codex CLI, to do by hand: Start Codex once and trust the new hooks/m);
    expect(said).toContain('tallyhook uninstall --agent NAME\n');
    const written = filesOf(home);
    run(home, 'init', '--yes');
    expect(filesOf(home, { withBackups: true })).toEqual(written);
    run(home, 'uninstall', '--agent', 'codex,pi');
    expect(registered(home)).toEqual(AGENT_NAMES.filter((name) => !/^(?:codex|pi)$/.test(name)));
    run(home, 'uninstall');
    expect(filesOf(home, { withBackups: true })).toEqual(before);
  });

  test('finds an agent by its program too', () => {
    const home = temporaryHome();
    const PATH = `${folderWith(home, 'codex')}:/usr/bin:/bin`;
    expect(cli(home, ['init', '--yes'], { env: { PATH } })).toMatchObject({ status: 0 });
    expect(registered(home)).toEqual(['codex']);
  });

  test('leaves other agents alone with the settings of a project', () => {
    const home = temporaryHome();
    addAgent(home, 'codex');
    run(home, 'init', '--yes', '--local');
    expect(registered(home)).toEqual([]);
    run(home, 'init', '--yes');
    run(home, 'uninstall', '--local');
    expect(registered(home)).toEqual(['codex']);
  });

  test('sets up the others where one has settings that can not be edited', () => {
    const home = temporaryHome();
    putFile(home, '.gemini/settings.json', '{ "theme": ');
    addAgent(home, 'qwen');
    const { status, stdout, stderr } = cli(home, ['init', '--yes']);
    expect({ status, stdout }).toEqual({
      status: 1,
      stdout: expect.stringContaining('Qwen Code:'),
    });
    expect(stderr).toMatch(
      /^tallyhook: Gemini CLI was skipped: .*settings\.json is not valid JSON/,
    );
    expect(readFileSync(join(home.folder, '.gemini/settings.json'), 'utf8')).toBe('{ "theme": ');
    expect(cli(home, ['uninstall'])).toMatchObject({ status: 1 });
    expect(registered(home)).toEqual(['gemini']);
  });
});

describe('init --agent', () => {
  test('takes several, repeated or with commas, and Claude Code by its name', () => {
    const home = temporaryHome();
    for (const name of AGENT_NAMES) addAgent(home, name);
    run(home, 'init', '--yes', '--agent', 'codex', '--agent', 'pi,claude-code');
    expect(registered(home)).toEqual(['codex', 'pi']);
    expect(Object.keys(filesOf(home))).toContain('.claude/settings.json');
  });

  test.each([
    [['--agent', 'codx'], "'codx' is not an agent\nDid you mean codex?"],
    [['--agent', 'codex,gemni'], "'gemni' is not an agent\nDid you mean gemini?"],
    [['--agent', 'claude'], "'claude' is not an agent\nDid you mean claude-code?"],
    [['--agent', 'zzzzzzzz'], "'zzzzzzzz' is not an agent\nUse claude-code, codex,"],
    [['--agent', 'codex', '--local'], 'Codex CLI has hooks for all projects only'],
  ])('refuses %j', (flags, fault) => {
    const home = temporaryHome();
    const before = filesOf(home);
    for (const command of ['init', 'uninstall']) {
      const { status, stdout, stderr } = cli(home, [command, ...flags]);
      expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
      expect(stderr).toContain(fault);
    }
    expect(filesOf(home)).toEqual(before);
  });

  test('refuses a status line for another agent than Claude Code', () => {
    const { status, stderr } = cli(temporaryHome(), ['init', '--agent', 'pi', '--statusline']);
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: expect.stringContaining('--statusline is for Claude Code only\nAdd claude-code'),
    });
  });

  test('fails for settings that can not be edited', () => {
    const home = temporaryHome();
    putFile(home, '.gemini/settings.json', '[]');
    const before = filesOf(home);
    expect(cli(home, ['init', '--agent', 'gemini', '--yes'])).toMatchObject({ status: 2 });
    expect(filesOf(home)).toEqual(before);
  });
});

test.each(['cline', 'copilot', 'opencode', 'pi'])(
  'a file of the user in the place of ours is left: %s',
  (name) => {
    const home = temporaryHome();
    const [file = ''] = agentFiles(home, name);
    putFile(home, file, FOREIGN);
    const said = run(home, 'init', '--agent', name, '--yes');
    expect(said).toContain(`${join(home.folder, file)} is not tallyhook's or can't be edited`);
    // Cline runs one file per event, so the user's has to call ours.
    expect(said.includes('to do by hand')).toBe(name === 'cline');
    expect(readFileSync(join(home.folder, file), 'utf8')).toBe(FOREIGN);
    run(home, 'uninstall', '--agent', name);
    expect(readFileSync(join(home.folder, file), 'utf8')).toBe(FOREIGN);
  },
);

test('uninstall --purge is for all agents', () => {
  const home = temporaryHome();
  const { status, stderr } = cli(home, ['uninstall', '--purge', '--agent', 'pi', '--yes']);
  expect(status).toBe(2);
  expect(stderr).toContain('does not work with --agent');
});
