import { describe, expect, test } from 'vitest';
import { codex, codexSetup } from '../../../src/agents/codex/index.ts';
import { bareEvent } from '../../../src/agents/shared/events.ts';
import type { HookDecision } from '../../../src/core/hook/event.ts';
import { fc, runs } from '../../helpers/fast-check.ts';

const event = (name: string, fields = {}) => {
  const parsed = codex.parseEvent(
    JSON.stringify({
      hook_event_name: name,
      session_id: 's',
      transcript_path: '/h/.codex/sessions/r.jsonl',
      turn_id: 't',
      cwd: '/p',
      ...fields,
    }),
  );
  return parsed.kind === 'event' ? parsed.event : parsed;
};

describe('events', () => {
  test('PostModelRequest carries the request', () => {
    const usage = {
      input_tokens: 100,
      cached_input_tokens: 60,
      output_tokens: 20,
      total_tokens: 120,
    };
    const fields = { model: 'gpt-5.5', response_id: 'r1', token_usage: usage };
    expect(event('PostModelRequest', fields)).toMatchObject({
      usage: {
        model: 'gpt-5.5',
        responseId: 'r1',
        parsed: { usage: { inputTokens: 40, outputTokens: 20, cacheReadTokens: 60 } },
      },
      promptId: 't',
      decision: null,
    });
    // Before 0.171 it did not name the response, so the rollout provides it.
    expect(event('PostModelRequest', { ...fields, response_id: null })).toMatchObject({
      usage: null,
    });
    expect(event('PostModelRequest', { ...fields, token_usage: null })).toMatchObject({
      usage: null,
    });
  });

  test('a budget is checked before a prompt and before a tool', () => {
    expect(event('UserPromptSubmit', { prompt: 'hi' })).toMatchObject({
      decision: 'prompt',
      prompt: 'hi',
    });
    expect(
      event('PreToolUse', { tool_name: 'Bash', tool_input: { command: 'ls' }, tool_use_id: 'c' }),
    ).toMatchObject({
      decision: 'tool-batch',
      toolUseId: 'c',
      pendingTools: [{ name: 'Bash', toolUseId: null, shellCommand: 'ls' }],
    });
    expect(event('Stop')).toMatchObject({ decision: 'turn-end', phase: 'turn-end' });
  });

  test('inside a subagent the file is its own', () => {
    expect(event('PostToolUse', { agent_id: 'a', agent_type: 'default' })).toMatchObject({
      agentId: 'a',
      agentTranscriptPath: '/h/.codex/sessions/r.jsonl',
      promptId: null,
    });
  });

  test('never throws', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        expect(['event', 'other', 'malformed']).toContain(codex.parseEvent(text).kind);
      }),
      runs(200),
    );
  });
});

describe('answers', () => {
  const answer = (decision: HookDecision | null, parts = {}) =>
    codex.answerText(
      { ...bareEvent('x'), decision },
      { stop: null, ask: null, notices: [], ...parts },
    );
  const stop = { reason: 'Spent.', remedy: 'Raise it.' };

  test('nothing to say', () => {
    expect(answer('prompt')).toBeNull();
    expect(answer(null, { stop })).toBeNull();
  });

  test('a prompt is blocked, a tool refused', () => {
    expect(JSON.parse(answer('prompt', { stop }) ?? '')).toEqual({
      decision: 'block',
      reason: 'Spent.\nRaise it.',
    });
    expect(JSON.parse(answer('tool-batch', { stop, notices: ['n'] }) ?? '')).toEqual({
      systemMessage: 'Spent.\nRaise it.\nn',
      hookSpecificOutput: {
        hookEventName: 'PreToolUse',
        permissionDecision: 'deny',
        permissionDecisionReason: 'Spent.',
      },
    });
  });

  test('a question is shown, because Codex can not ask', () => {
    expect(answer('tool-batch', { ask: 'Go on?' })).toBe('{"systemMessage":"Go on?"}');
  });
});

test('hooks are added for recording, more for budgets, and removed', () => {
  const [path = ''] = codexSetup.installer.files({ home: '/h', env: {} });
  expect(path).toBe('/h/.codex/hooks.json');
  expect(codexSetup.installer.files({ home: '/h', env: { CODEX_HOME: '/c' } })).toEqual([
    '/c/hooks.json',
  ]);
  const command = 'node /x/dist/hooks/record.cjs --agent codex';
  const text = codexSetup.installer.add(path, null, command, { isEnforcing: false }) ?? '';
  expect(Object.keys((JSON.parse(text) as { hooks: object }).hooks)).not.toContain('PreToolUse');
  const all = codexSetup.installer.add(path, text, command, { isEnforcing: true }) ?? '';
  expect(Object.keys((JSON.parse(all) as { hooks: object }).hooks)).toContain('PreToolUse');
  expect(codexSetup.installer.add(path, all, command, { isEnforcing: true })).toBeNull();
  expect(codexSetup.installer.remove(path, all)).toBeNull();
});
