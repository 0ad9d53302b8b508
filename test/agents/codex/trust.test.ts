import { describe, expect, test } from 'vitest';
import { codexInstaller } from '../../../src/agents/codex/install.ts';
import { codexTrust } from '../../../src/agents/codex/trust.ts';
import { commandFor } from '../../helpers/agent-install.ts';

const PATH = '/home/u/.codex/hooks.json';
const EVENTS = ['PostModelRequest', 'PostToolUse', 'Stop', 'SubagentStop', 'SessionEnd'];
const others = JSON.stringify({
  hooks: { Stop: [{ hooks: [{ type: 'command', command: 'true' }] }] },
});
const hooks = codexInstaller.add(PATH, others, commandFor('codex'), { isEnforcing: false }) ?? '';

const untrusted = (toml: string | null): string[] =>
  codexTrust.untrustedEvents(PATH, hooks, toml).toSorted();

/** @param stopPlace of the hook for Stop, which comes after another one */
function keys(stopPlace = '1:0'): string[] {
  const names = ['post_model_request', 'post_tool_use', 'subagent_stop', 'session_end'];
  return [...names.map((name) => `${PATH}:${name}:0:0`), `${PATH}:stop:${stopPlace}`];
}

describe('hooks of Codex that are not trusted', () => {
  test('are all of them without a file, and in one without trust', () => {
    expect(untrusted(null)).toEqual(EVENTS.toSorted());
    expect(untrusted('model = "gpt"\n[projects."/p"]\ntrust_level = "trusted"\n')).toHaveLength(5);
  });

  test.each([
    ['tables', (key: string) => `[hooks.state."${key}"]\ntrusted_hash = "sha256:1"`],
    [
      'tables with an off switch',
      (key: string) => `[hooks.state.'${key}']\nenabled = true\ntrusted_hash='sha256:1'`,
    ],
    ['inline tables', (key: string) => `"${key}" = { enabled = true, trusted_hash = "sha256:1" }`],
    ['dotted keys', (key: string) => `"${key}".trusted_hash = "sha256:1"`],
  ])('are none of those in %s', (_, write) => {
    expect(untrusted(keys().map(write).join('\n\n'))).toEqual([]);
    expect(untrusted(keys().map(write).join('\r\n'))).toEqual([]);
    expect(untrusted(keys('0:0').map(write).join('\n'))).toEqual(['Stop']);
    for (const [index, key] of keys().entries()) {
      const missing = keys().filter((_key, at) => at !== index);
      expect({ key, untrusted: untrusted(missing.map(write).join('\n')) }).toEqual({
        key,
        untrusted: [expect.any(String)],
      });
    }
  });

  test('include one that is known but has no hash', () => {
    const tables = keys().map((key) => `[hooks.state."${key}"]\nenabled = true`);
    expect(untrusted(tables.join('\n'))).toHaveLength(5);
    const [first = '', ...rest] = tables;
    expect(
      untrusted([first, ...rest.map((one) => `${one}\ntrusted_hash = "a"`)].join('\n')),
    ).toEqual(['PostModelRequest']);
  });
});
