import { describe, expect, test } from 'vitest';
import { qwen, qwenSetup } from '../../../src/agents/qwen/index.ts';
import { bareEvent } from '../../../src/agents/shared/events.ts';
import type { HookDecision } from '../../../src/core/hook/event.ts';
import { fc, runs } from '../../helpers/fast-check.ts';

const event = (name: string, fields = {}) => {
  const parsed = qwen.parseEvent(
    JSON.stringify({
      hook_event_name: name,
      session_id: 's',
      transcript_path: '/h/.qwen/projects/-p/chats/s.jsonl',
      prompt_id: 's########0',
      ...fields,
    }),
  );
  return parsed.kind === 'event' ? parsed.event : parsed;
};

describe('events', () => {
  test('a budget is checked before a prompt and before each further request', () => {
    expect(event('UserPromptSubmit', { prompt: 'hi' })).toMatchObject({
      decision: 'prompt',
      promptId: 's########0',
    });
    expect(event('UserPromptSubmit', { prompt: '' })).toMatchObject({ decision: 'tool-batch' });
    expect(event('PostToolBatch')).toMatchObject({ decision: null, phase: 'tool' });
    expect(event('Stop')).toMatchObject({ decision: 'turn-end', phase: 'turn-end' });
  });

  test('a tool has the id that the model gave it', () => {
    const ids = { tool_use_id: 'toolu_made_up', tool_call_id: 'call_1', duration_ms: 5 };
    expect(event('PostToolUseFailure', ids)).toMatchObject({
      toolUseId: 'call_1',
      toolResult: { isFailed: true, durationMs: 5 },
    });
  });

  test('never throws', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        expect(['event', 'other', 'malformed']).toContain(qwen.parseEvent(text).kind);
      }),
      runs(200),
    );
  });
});

test('answers block a prompt and a turn, and ask about a tool', () => {
  const answer = (decision: HookDecision | null, parts = {}) =>
    JSON.parse(
      qwen.answerText(
        { ...bareEvent('x'), decision },
        { stop: null, ask: null, notices: [], ...parts },
      ) ?? 'null',
    ) as unknown;
  const stop = { reason: 'Spent.', remedy: 'Raise it.' };
  expect(answer('prompt')).toBeNull();
  expect(answer(null, { stop })).toBeNull();
  for (const decision of ['prompt', 'tool-batch'] as const) {
    expect(answer(decision, { stop })).toEqual({ decision: 'block', reason: 'Spent.\nRaise it.' });
  }
  expect(answer('tool', { ask: 'Go on?', notices: ['n'] })).toEqual({
    systemMessage: 'n',
    hookSpecificOutput: {
      hookEventName: 'PreToolUse',
      permissionDecision: 'ask',
      permissionDecisionReason: 'Go on?',
    },
  });
});

test('hooks are in the settings beside those of others', () => {
  const place = { home: '/h', env: {} };
  expect(qwenSetup.installer.files(place)).toEqual(['/h/.qwen/settings.json']);
  expect(qwenSetup.installer.files({ ...place, env: { QWEN_HOME: '/q' } })).toEqual([
    '/q/settings.json',
  ]);
  const before = '{\n  "$version": 4,\n  "hooks": { "Stop": [{ "hooks": [] }] }\n}\n';
  const command = 'node /x/dist/hooks/record.cjs --agent qwen';
  const text =
    qwenSetup.installer.add('settings.json', before, command, { isEnforcing: true }) ?? '';
  expect(text).toContain('UserPromptSubmit');
  expect(qwenSetup.installer.remove('settings.json', text)).toBe(before);
});
