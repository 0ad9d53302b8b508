import { describe, expect, test } from 'vitest';
import { sessionCounters } from '../../../src/agents/droid/counter.ts';
import { droid, droidSetup } from '../../../src/agents/droid/index.ts';
import type { Fold } from '../../../src/agents/source.ts';
import type { HookEvent } from '../../../src/core/hook/event.ts';
import type { RequestEntry } from '../../../src/core/transcript/entry.ts';
import { recordsBelow } from '../../helpers/agent-files.ts';
import { agentRuns, eventIn } from '../../helpers/agent-runs.ts';
import { commandFor, expectToBeUndone } from '../../helpers/agent-install.ts';
import { fc } from '../../helpers/fast-check.ts';

const runs = agentRuns('droid');

/** The counters after so much input, output, cache read and cache write. */
function settingsText(counts: number[], fields: Record<string, unknown> = {}): string {
  const [inputTokens = 0, outputTokens = 0, cacheReadTokens = 0, cacheCreationTokens = 0] = counts;
  const tokenUsage = { inputTokens, outputTokens, cacheReadTokens, cacheCreationTokens };
  return JSON.stringify({ model: 'glm-5', tokenUsage, ...fields });
}

function foldOf(sessionId: string, settings: unknown = {}): Fold {
  const fold: Fold = {};
  const start = JSON.stringify({ type: 'session_start', id: sessionId, cwd: '/work/a' });
  sessionCounters.readCompanions?.([`${start}\n{"type":"message"`, JSON.stringify(settings)], fold);
  return fold;
}

/** What each look at the counters finds, with the fold stored in between. */
function look(texts: string[], fold = foldOf('session-a')): RequestEntry[] {
  let stored = fold;
  return texts.flatMap((text) => {
    stored = JSON.parse(JSON.stringify(stored)) as Fold;
    const entries = sessionCounters.parseDocument(text, stored);
    return entries.filter((entry) => entry.type === 'request');
  });
}

function countsIn({ parsed: { usage } }: RequestEntry): number[] {
  const { inputTokens, outputTokens, cacheReadTokens, cacheWrite5mTokens } = usage;
  return [inputTokens, outputTokens, cacheReadTokens, cacheWrite5mTokens];
}

describe('recorded runs', () => {
  test.each(runs)('$name: the sums are equal', ({ home, expected }) => {
    const records = recordsBelow('droid', droid.sources, home);
    const sum = (counts: number[]) => counts.reduce((total, count) => total + count, 0);
    const usages = records.map(({ usage }) => usage);
    // Cache writes over Chat Completions stay in the input.
    expect(sum(usages.map(({ inputTokens }) => inputTokens))).toBe(
      sum(expected.map(({ input, cacheWrite }) => input + cacheWrite)),
    );
    expect(sum(usages.map(({ outputTokens }) => outputTokens))).toBe(
      sum(expected.map(({ output }) => output)),
    );
    expect(sum(usages.map(({ cacheReadTokens }) => cacheReadTokens))).toBe(
      sum(expected.map(({ cacheRead }) => cacheRead)),
    );
    expect(records.map(({ claim }) => claim.cwd)).toEqual(['/home/user/project']);
  });
});

describe('the counters', () => {
  test('each look gives the rise since the last', () => {
    const rises = look([settingsText([10, 1, 0, 5]), settingsText([25, 3, 7, 5])]);
    expect(rises.map(countsIn)).toEqual([
      [10, 1, 0, 5],
      [15, 2, 7, 0],
    ]);
    expect(rises.map(({ billing }) => billing?.isCounter)).toEqual([true, true]);
  });

  test('counters that did not move give nothing', () => {
    expect(look([settingsText([0, 0])])).toEqual([]);
    expect(look([settingsText([9, 9]), settingsText([9, 9])])).toHaveLength(1);
  });

  test('a rise is known by where it began, not by how far it was', () => {
    const [soon] = look([settingsText([10, 1])]);
    const [late] = look([settingsText([99, 9])]);
    expect(soon?.messageId).toBe('session-a:0-0-0-0');
    expect([late?.messageId, late?.requestId]).toEqual([soon?.messageId, soon?.requestId]);
    const [other] = look([settingsText([10, 1])], foldOf('session-b'));
    expect(other?.messageId).not.toBe(soon?.messageId);
  });

  test('counters that fall have begun again', () => {
    const rises = look([settingsText([50, 5]), settingsText([10, 1]), settingsText([30, 2])]);
    expect(rises.map(countsIn)).toEqual([
      [50, 5, 0, 0],
      [10, 1, 0, 0],
      [20, 1, 0, 0],
    ]);
    expect(new Set(rises.map(({ messageId }) => messageId)).size).toBe(3);
  });

  test('rises add up to the counters, whenever they are looked at', () => {
    const step = fc.tuple(fc.nat(1000), fc.nat(1000), fc.nat(1000), fc.nat(1000));
    fc.assert(
      fc.property(fc.array(step, { minLength: 1 }), (steps) => {
        const total = [0, 0, 0, 0];
        const texts = steps.map((counts) => {
          for (const [index, count] of counts.entries()) total[index] = (total[index] ?? 0) + count;
          return settingsText(total);
        });
        const rises = look(texts);
        const sum = [0, 1, 2, 3].map((index) =>
          rises.reduce((all, rise) => all + (countsIn(rise)[index] ?? 0), 0),
        );
        expect(sum).toEqual(total);
        expect(new Set(rises.map(({ messageId }) => messageId)).size).toBe(rises.length);
      }),
    );
  });

  test("subagents' tokens are not added", () => {
    const inclusiveTokenUsage = { inputTokens: 999, outputTokens: 999 };
    const [rise] = look([settingsText([10, 1], { inclusiveTokenUsage })]);
    expect(rise === undefined ? null : countsIn(rise)).toEqual([10, 1, 0, 0]);
  });

  test("the user's own model is looked up", () => {
    const customModels = [
      { model: 'first', apiKey: 'secret' },
      { id: 'custom:b', model: 'second' },
    ];
    const name = (model: string) =>
      look([settingsText([1, 1], { model })], foldOf('session-a', { customModels }))[0]?.model;
    expect(name('custom:lab-0')).toBe('first');
    expect(name('custom:b')).toBe('second');
    expect(name('custom:gone-7')).toBe('custom:gone-7');
    expect(name('claude-opus-5')).toBe('claude-opus-5');
    expect(JSON.stringify(foldOf('session-a', { customModels }))).not.toContain('secret');
  });

  test('the provider is named where it served the request', () => {
    const provider = (providerLock: string) =>
      look([settingsText([1, 1], { providerLock })])[0]?.billing?.provider;
    expect(provider('anthropic')).toBe('anthropic');
    expect(provider('generic-chat-completion-api')).toBeNull();
  });

  test('companions and files are found from the path', () => {
    const path = '/h/.factory/sessions/-work-a/session-a.settings.json';
    expect(sessionCounters.locate(path).sessionId).toBe('session-a');
    expect(sessionCounters.companionPaths?.(path)).toEqual([
      '/h/.factory/sessions/-work-a/session-a.jsonl',
      '/h/.factory/settings.json',
    ]);
  });

  test('any text is parsed', () => {
    const texts = fc.oneof(
      fc.string(),
      fc.json(),
      fc.jsonValue().map((tokenUsage) => JSON.stringify({ tokenUsage })),
    );
    fc.assert(
      fc.property(texts, fc.dictionary(fc.string(), fc.jsonValue()), (text, fold) => {
        sessionCounters.readCompanions?.([text, text], fold);
        expect(Array.isArray(sessionCounters.parseDocument(text, fold))).toBe(true);
        sessionCounters.readCompanions?.([null, null], fold);
      }),
    );
  });
});

function eventOf(hookEventName: string, fields: Record<string, unknown> = {}): HookEvent {
  const event = {
    hook_event_name: hookEventName,
    session_id: 'session-a',
    transcript_path: '/h/.factory/sessions/-work-a/session-a.jsonl',
    cwd: '/work/a',
    ...fields,
  };
  return eventIn(droid.parseEvent(JSON.stringify(event)));
}

describe('events and answers', () => {
  const stop = { reason: 'The budget is spent.', remedy: 'Raise it.' };
  const stopped = { stop, ask: null, notices: ['Note.'] };

  function answer(name: string, given: Parameters<typeof droid.answerText>[1]): unknown {
    const text = droid.answerText(eventOf(name), given);
    return text === null ? null : JSON.parse(text);
  }

  test("an event leads to the session's counters", () => {
    const event = eventOf('PostToolUse', { tool_name: 'Execute' });
    expect(event).toMatchObject({ phase: 'tool', toolName: 'Execute', sessionId: 'session-a' });
    expect(sessionCounters.eventFiles(event, { home: '/h', env: {} }).files).toEqual([
      '/h/.factory/sessions/-work-a/session-a.settings.json',
    ]);
  });

  test('a tool that is about to run is named with its command', () => {
    const fields = { tool_name: 'Execute', tool_input: { command: 'ls' } };
    expect(eventOf('PreToolUse', fields).pendingTools).toEqual([
      { name: 'Execute', toolUseId: null, shellCommand: 'ls' },
    ]);
  });

  test('a spent budget stops a prompt, and a turn after a tool', () => {
    expect(answer('UserPromptSubmit', stopped)).toMatchObject({ decision: 'block' });
    expect(answer('PostToolUse', stopped)).toEqual({
      continue: false,
      stopReason: stop.reason,
      systemMessage: 'Raise it.\nNote.',
    });
    expect(answer('Stop', stopped)).toEqual({ systemMessage: 'Note.' });
    expect(answer('SessionStart', stopped)).toBeNull();
  });

  test('a budget asks before a tool', () => {
    expect(answer('PreToolUse', { stop: null, ask: 'Go on?', notices: [] })).toMatchObject({
      hookSpecificOutput: { permissionDecision: 'ask', permissionDecisionReason: 'Go on?' },
    });
    expect(answer('PostToolUse', { stop: null, ask: null, notices: [] })).toBeNull();
  });

  test('any text is parsed', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        expect(['event', 'other', 'malformed']).toContain(droid.parseEvent(text).kind);
      }),
    );
  });
});

describe('installer', () => {
  const { installer } = droidSetup;
  const [settings = '', hooksFile = ''] = installer.files({ home: '/h', env: {} });
  const command = commandFor('droid');
  const recording = { isEnforcing: false };

  test('the settings get the hooks, and lose them', () => {
    expect(settings).toBe('/h/.factory/settings.json');
    for (const text of [null, '', '{}', '{ "model": "glm-5" }', '// mine\n{"hooks": {}}\n']) {
      expectToBeUndone(installer, settings, text, command);
      expectToBeUndone(installer, settings, text, command, true);
    }
  });

  test('enforcing adds the hooks that droid waits for', () => {
    const events = (isEnforcing: boolean) => {
      const text = installer.add(settings, null, command, { isEnforcing }) ?? '';
      return Object.keys((JSON.parse(text) as { hooks: object }).hooks);
    };
    expect(events(false)).not.toContain('PreToolUse');
    expect(events(true)).toEqual([...events(false), 'UserPromptSubmit', 'PreToolUse']);
  });

  test('hooks.json is not made, and is edited where it is', () => {
    expect(installer.add(hooksFile, null, command, recording)).toBeNull();
    const flat = '{"Stop": [{"hooks": [{"type": "command", "command": "say done"}]}]}\n';
    const added = JSON.parse(installer.add(hooksFile, flat, command, recording) ?? '') as object;
    expect(Object.keys(added)).toContain('PostToolUse');
    expectToBeUndone(installer, hooksFile, flat, command);
    expectToBeUndone(installer, hooksFile, `{"hooks": ${flat}}`, command);
  });

  test('a command that has moved is replaced', () => {
    const old = installer.add(settings, '{}', commandFor('droid', '/old'), recording);
    const now = installer.add(settings, old, command, recording);
    expect(now).toBe(installer.add(settings, '{}', command, recording));
  });

  test('settings that are not JSON stay as they are', () => {
    expect(installer.add(settings, '{ "hooks": [ }', command, recording)).toBeNull();
    expect(installer.remove(settings, '{ "hooks": [ }')).toBe('{ "hooks": [ }');
  });
});
