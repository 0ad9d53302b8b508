import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Finding } from '../../src/core/finding.ts';
import { type Home, temporaryHome } from '../helpers/home.ts';
import {
  AGENT_NAMES,
  addAgent,
  agentFiles,
  filesOf,
  putFile,
  run,
} from '../helpers/program/agent-setup.ts';
import { doctor } from '../helpers/program/doctor.ts';

/** `ok Codex CLI: ...`, with `~` for the home folder. */
function findings(home: Home): string[] {
  return doctor(home)
    .findings.filter(({ check }) => check === 'agents')
    .map((one) => `${one.state} ${one.message}`.replaceAll(home.folder, '~'));
}

function fixes(home: Home): (Finding['fix'] | undefined)[] {
  return doctor(home)
    .findings.filter(({ check, state }) => check === 'agents' && state !== 'ok')
    .map(({ fix }) => fix);
}

/** What Codex writes once the user has trusted all hooks of a file. */
function trustText(hooksPath: string, events: readonly string[]): string {
  const tables = events.map(
    (event) => `[hooks.state."${hooksPath}:${event}:0:0"]\ntrusted_hash = "sha256:00"\n`,
  );
  return `model = "gpt-5.2"\n\n${tables.join('\n')}`;
}

const CODEX_EVENTS = [
  'post_model_request',
  'post_tool_use',
  'stop',
  'subagent_stop',
  'session_end',
];

test('says nothing about agents that are not on the machine', () => {
  expect(findings(temporaryHome())).toEqual([]);
});

describe.each(AGENT_NAMES)('%s', (name) => {
  test('on the machine, registered, moved', () => {
    const home = temporaryHome();
    addAgent(home, name);
    const before = filesOf(home);
    expect(findings(home)).toEqual([
      expect.stringMatching(/^warn .* is on this machine \(0 files of history\), but has no/),
    ]);
    expect(fixes(home)).toEqual([`tallyhook init --agent ${name}`]);
    expect(filesOf(home)).toEqual(before);
    run(home, 'init', '--agent', name, '--yes');
    const hooksPath = join(home.folder, '.codex/hooks.json');
    if (name === 'codex') putFile(home, '.codex/config.toml', trustText(hooksPath, CODEX_EVENTS));
    expect(findings(home)).toEqual([expect.stringMatching(/^ok .*: hooks in ~\/.*; 0 files/)]);
    for (const file of agentFiles(home, name)) {
      const text = filesOf(home)[file]?.replace(/^\d+ /, '');
      if (text !== undefined) {
        putFile(home, file, text.replaceAll(process.execPath, '/opt/node-1/bin/node'));
      }
    }
    const moved = findings(home);
    expect(moved.length).toBeGreaterThan(0);
    for (const line of moved) {
      expect(line).toMatch(/^fail .* names \/opt\/node-1\/bin\/node, which does not exist$/);
    }
    expect(new Set(fixes(home))).toEqual(new Set([`tallyhook init --agent ${name}`]));
    run(home, 'init', '--agent', name, '--yes');
    expect(findings(home)).toEqual([expect.stringMatching(/^ok /)]);
  });
});

test('notices hooks of Codex that are not trusted, one by one', () => {
  const home = temporaryHome();
  run(home, 'init', '--agent', 'codex', '--yes');
  const hooksPath = join(home.folder, '.codex/hooks.json');
  expect(findings(home)).toEqual([
    'fail Codex CLI: hooks are not trusted in ~/.codex/config.toml: ' +
      'PostModelRequest, PostToolUse, Stop, SubagentStop, SessionEnd',
  ]);
  expect(fixes(home)).toEqual([expect.stringContaining('trust the hooks')]);
  putFile(home, '.codex/config.toml', trustText(hooksPath, CODEX_EVENTS.slice(1)));
  expect(findings(home)).toEqual([expect.stringMatching(/config\.toml: PostModelRequest$/)]);
});

test("notices a file of somebody else's in the place of ours", () => {
  const home = temporaryHome();
  putFile(home, '.config/opencode/plugin/tallyhook.js', 'export default {};\n');
  expect(findings(home)).toEqual([
    "warn OpenCode: ~/.config/opencode/plugin/tallyhook.js is not tallyhook's, or can't be edited",
  ]);
  putFile(home, '.cline/hooks/TaskError', '#!/bin/sh\n');
  run(home, 'init', '--agent', 'cline', '--yes');
  expect(findings(home)).toContain(
    "warn Cline: ~/.cline/hooks/TaskError is not tallyhook's, or can't be edited",
  );
});

test('notices hooks that are missing, and settings that can not be read', () => {
  const home = temporaryHome();
  run(home, 'init', '--agent', 'cline', '--yes');
  rmSync(join(home.folder, '.cline/hooks/TaskError'));
  expect(findings(home)).toContain('warn Cline: hooks are missing in ~/.cline/hooks/TaskError');
  putFile(home, '.gemini/settings.json', '{');
  expect(findings(home)).toContainEqual(
    expect.stringMatching(/^fail Gemini CLI: ~\/\.gemini\/settings\.json is not valid JSON/),
  );
});

test('counts the history that it finds', () => {
  const home = temporaryHome();
  putFile(home, '.codex/sessions/2026/11/30/rollout-2026-11-30T10-00-00-0aa.jsonl', '{}\n');
  expect(findings(home)).toEqual([expect.stringContaining('(1 file of history)')]);
});

test('asks nothing of Claude Code on a machine with another agent only', () => {
  const home = temporaryHome();
  rmSync(join(home.folder, '.claude'), { recursive: true });
  run(home, 'init', '--agent', 'qwen', '--yes');
  const { findings: all } = doctor(home);
  expect(all.find(({ check }) => check === 'hooks')).toMatchObject({ state: 'ok' });
});
