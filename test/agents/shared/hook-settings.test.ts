import { expect, test } from 'vitest';
import {
  type SettingsHook,
  addSettingsHooks,
  removeSettingsHooks,
} from '../../../src/agents/shared/hook-settings.ts';
import { fc, runs } from '../../helpers/fast-check.ts';
import { foreignSettings } from '../claude-code/arbitrary-settings.ts';

const COMMAND = "'/opt/my node/bin/node' /x/dist/hooks/record.cjs --agent some-agent";
const PATH = 'settings.json';
const HOOKS: SettingsHook[] = [
  { event: 'PostToolUse', matcher: '*', timeout: 30 },
  { event: 'Stop', timeout: 10 },
  { event: 'NewEvent', timeout: 10 },
  { event: 'PreToolUse', matcher: '*', timeout: 10, isEnforcing: true },
];

function added(text: string | null, hooks = HOOKS, command = COMMAND): string {
  const result = addSettingsHooks(PATH, text, command, hooks);
  if (result === null) throw new Error('nothing was added');
  return result;
}

test('adding and removing gives the old text byte for byte', () => {
  fc.assert(
    fc.property(foreignSettings, (text) => {
      expect(removeSettingsHooks(PATH, added(text))).toBe(text);
    }),
    runs(400),
  );
});

test('so does adding in two steps, and adding twice changes nothing', () => {
  fc.assert(
    fc.property(foreignSettings, (text) => {
      const first = added(text, HOOKS.slice(0, 3));
      const all = added(first);
      expect(addSettingsHooks(PATH, all, COMMAND, HOOKS)).toBeNull();
      expect(addSettingsHooks(PATH, all, COMMAND, HOOKS.slice(0, 3))).toBeNull();
      expect(removeSettingsHooks(PATH, all)).toBe(text);
    }),
    runs(200),
  );
});

test('a file that was created is deleted, an empty one is empty again', () => {
  const created = added(null);
  expect(JSON.parse(created)).toMatchObject({
    hooks: {
      PostToolUse: [{ matcher: '*', hooks: [{ type: 'command', command: COMMAND, timeout: 30 }] }],
      Stop: [{ hooks: [{ type: 'command', command: COMMAND, timeout: 10 }] }],
    },
  });
  expect(created).toMatch(/^\{\n {2}"hooks": \{\n {4}"PostToolUse": \[\n {6}\{\n/);
  expect(removeSettingsHooks(PATH, created)).toBeNull();
  expect(removeSettingsHooks(PATH, added(''))).toBe('');
});

test.each([
  '{}',
  '{ }\n',
  '{"hooks":{}}',
  '{"hooks": {\n}}',
  '{"hooks":{"Stop":[]}}',
  '{\n  "hooks": {\n    "Stop": [ /* none */ ]\n  }\n}\n',
  '{"a":1}',
  '{"a":1,"hooks":{"Other":[{"hooks":[]}]}}',
])('an empty place stays: %j', (text) => {
  expect(removeSettingsHooks(PATH, added(text))).toBe(text);
});

test('hooks of others that were added later stay', () => {
  const settings = JSON.parse(added(null)) as { hooks: Record<string, { hooks: unknown[] }[]> };
  settings.hooks['Stop']?.[0]?.hooks.push({ type: 'command', command: 'say done' });
  const text = removeSettingsHooks(PATH, JSON.stringify(settings, null, 2)) ?? '';
  expect(JSON.parse(text)).toEqual({
    hooks: { Stop: [{ hooks: [{ type: 'command', command: 'say done' }] }] },
  });
});

test('a program that moved is replaced, what the user added to the command stays', () => {
  const edited = added(null).replaceAll('--agent some-agent', '--agent some-agent 2>/dev/null');
  const moved = added(edited, HOOKS, '/new/node /y/dist/hooks/record.cjs --agent some-agent');
  expect(moved).toContain('"/new/node /y/dist/hooks/record.cjs --agent some-agent 2>/dev/null"');
  expect(moved).not.toContain('/x/');
});

test.each(['{', '[]', '{"hooks":[]}', '{"hooks":{"Stop":{}}}'])('refuses %s', (text) => {
  expect(() => addSettingsHooks(PATH, text, COMMAND, HOOKS)).toThrow(/^settings\.json /);
});
