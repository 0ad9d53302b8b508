import { describe, expect, test } from 'vitest';
import { gemini, geminiSetup } from '../../../src/agents/gemini/index.ts';
import { bareEvent } from '../../../src/agents/shared/events.ts';
import type { HookDecision } from '../../../src/core/hook/event.ts';
import { fc, runs } from '../../helpers/fast-check.ts';

const event = (name: string, fields = {}) => {
  const parsed = gemini.parseEvent(
    JSON.stringify({
      hook_event_name: name,
      session_id: 's',
      transcript_path: '/h/.gemini/tmp/p/chats/session-x.jsonl',
      cwd: '/p',
      ...fields,
    }),
  );
  return parsed.kind === 'event' ? parsed.event : parsed;
};

describe('events', () => {
  test('a budget is checked before a prompt and after a tool', () => {
    expect(event('BeforeAgent', { prompt: 'hi' })).toMatchObject({
      decision: 'prompt',
      prompt: 'hi',
    });
    const tool = { tool_name: 'run_shell_command', tool_input: { command: 'ls' } };
    expect(event('AfterTool', { ...tool, tool_response: { error: {} } })).toMatchObject({
      phase: 'tool',
      decision: 'tool-batch',
      pendingTools: [{ shellCommand: 'ls', toolUseId: null }],
      toolResult: { isFailed: true },
    });
    expect(event('AfterAgent')).toMatchObject({ phase: 'turn-end', decision: null });
  });

  test('what comes with the whole conversation is ignored', () => {
    const usageMetadata = { promptTokenCount: 5 };
    expect(event('AfterModel', { llm_response: { usageMetadata } })).toEqual({ kind: 'other' });
  });

  test('never throws', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        expect(['event', 'other', 'malformed']).toContain(gemini.parseEvent(text).kind);
      }),
      runs(200),
    );
  });
});

describe('answers', () => {
  const answer = (decision: HookDecision | null, parts = {}) =>
    JSON.parse(
      gemini.answerText(
        { ...bareEvent('x'), decision },
        { stop: null, ask: null, notices: [], ...parts },
      ) ?? 'null',
    ) as unknown;
  const stop = { reason: 'Spent.', remedy: 'Raise it.' };

  test('nothing to say', () => {
    expect(answer('prompt')).toBeNull();
    expect(answer('turn-end', { stop })).toBeNull();
  });

  test('a prompt is discarded, a turn ends after its tool', () => {
    expect(answer('prompt', { stop })).toEqual({
      decision: 'deny',
      reason: 'Spent.\nRaise it.',
      systemMessage: 'Spent.\nRaise it.',
    });
    expect(answer('tool-batch', { stop, notices: ['n'] })).toEqual({
      continue: false,
      stopReason: 'Spent.',
      systemMessage: 'Raise it.\nn',
    });
  });

  test('a tool is asked about', () => {
    expect(answer('tool', { ask: 'Go on?' })).toEqual({ decision: 'ask', systemMessage: 'Go on?' });
  });
});

test('hooks have their timeout in milliseconds', () => {
  const [path = ''] = geminiSetup.installer.files({ home: '/h', env: {} });
  expect(path).toBe('/h/.gemini/settings.json');
  const command = 'node /x/dist/hooks/record.cjs --agent gemini';
  const text = geminiSetup.installer.add(path, '{"a":1}', command, { isEnforcing: true }) ?? '';
  expect(JSON.parse(text)).toMatchObject({
    hooks: { BeforeAgent: [{ hooks: [{ command, timeout: 10_000 }] }] },
  });
  expect(geminiSetup.installer.remove(path, text)).toBe('{"a":1}');
});
