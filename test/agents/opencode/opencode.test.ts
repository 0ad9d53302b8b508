import { bareEvent } from '../../../src/agents/shared/events.ts';
import { describe, expect, test } from 'vitest';
import { openCode } from '../../../src/agents/opencode/index.ts';
import { messages } from '../../../src/agents/opencode/rows.ts';
import type { Entry, RequestEntry } from '../../../src/core/transcript/entry.ts';
import { type ExpectedRequest, countsOf, recordsBelow } from '../../helpers/agent-files.ts';
import { agentRuns, eventIn, withoutModels } from '../../helpers/agent-runs.ts';
import { fc } from '../../helpers/fast-check.ts';

const runs = agentRuns('opencode');
const SESSION_MS = Date.parse('2026-11-30T10:00:00Z');

/** What the server sent, as far as the table can show it (see `coverage`). */
function visible(expected: ExpectedRequest[], run: string): ExpectedRequest[] {
  const withoutTitle = expected.filter(({ model }) => model !== 'gpt-5.4-mini');
  if (!run.endsWith('chat')) return withoutTitle;
  return withoutTitle.map((request) => {
    return { ...request, input: request.input + request.cacheWrite, cacheWrite: 0 };
  });
}

const DATA = {
  role: 'assistant',
  parentID: 'msg_1',
  agent: 'build',
  path: { cwd: '/work/a/sub', root: '/work/a' },
  cost: 0.00123,
  tokens: { total: 1400, input: 300, output: 70, reasoning: 30, cache: { read: 800, write: 200 } },
  modelID: 'gpt-5.4',
  providerID: 'openai',
  time: { created: SESSION_MS + 1000, completed: SESSION_MS + 3000 },
  finish: 'stop',
};

function rowOf(data: unknown, columns: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    id: 'msg_2',
    session_id: 'ses_a',
    time_created: SESSION_MS + 1000,
    time_updated: SESSION_MS + 3000,
    data: JSON.stringify(data),
    session_parent_id: null,
    session_directory: '/work/a',
    session_version: '1.18.34',
    session_time_created: SESSION_MS,
    ...columns,
  };
}

function parse(data: unknown, columns: Record<string, unknown> = {}): Entry[] {
  return messages.parseRow(rowOf(data, columns), {});
}

function requestIn(entries: Entry[]): RequestEntry | undefined {
  return entries.find((entry) => entry.type === 'request');
}

describe('recorded runs', () => {
  test.each(runs)('$name: every request once', ({ name, home, expected }) => {
    const records = recordsBelow('opencode', openCode.sources, home);
    expect(withoutModels(countsOf(records))).toEqual(withoutModels(visible(expected, name)));
    for (const { chargedNanoUsd } of records) expect(chargedNanoUsd).toBeGreaterThan(0);
  });

  test.each(runs)('$name: every event is parsed', ({ events }) => {
    const parsed = events.map((text) => openCode.parseEvent(text));
    expect(parsed.filter(({ kind }) => kind === 'malformed')).toEqual([]);
    const phases = parsed.flatMap((result) => (result.kind === 'event' ? result.event.phase : []));
    expect(phases).toContain('session-start');
    expect(phases).toContain('turn-end');
  });
});

describe('rows', () => {
  test('the parts are disjoint, reasoning is beside the output', () => {
    const request = requestIn(parse(DATA));
    expect(request?.parsed.usage).toMatchObject({
      inputTokens: 300,
      outputTokens: 100,
      cacheReadTokens: 800,
      cacheWrite5mTokens: 200,
    });
    expect(request?.thinkingTokens).toBe(30);
  });

  test('a request names its prompt, folder, version, provider and cost', () => {
    expect(requestIn(parse(DATA))).toMatchObject({
      messageId: 'msg_2',
      sessionId: 'ses_a',
      promptId: 'msg_1',
      cwd: '/work/a/sub',
      clientVersion: '1.18.34',
      billing: { provider: 'openai', chargedNanoUsd: 1_230_000, isCounter: false },
    });
  });

  test('a cost of zero is no cost', () => {
    expect(requestIn(parse({ ...DATA, cost: 0 }))?.billing?.chargedNanoUsd).toBeNull();
  });

  test('a request that runs is left out until it has ended', () => {
    const tokens = { input: 0, output: 0, reasoning: 0, cache: { read: 0, write: 0 } };
    expect(parse({ ...DATA, tokens, cost: 0, time: { created: SESSION_MS + 1000 } })).toEqual([]);
    expect(parse({ ...DATA, time: { created: SESSION_MS + 1000 } })).toEqual([]);
    expect(parse({ ...DATA, tokens, cost: 0, error: { name: 'Aborted' } })).toEqual([]);
  });

  test('a row of a fork that is older than its session is a copy', () => {
    const fork = {
      id: 'msg_9',
      session_id: 'ses_b',
      session_time_created: SESSION_MS + 5000,
      time_updated: SESSION_MS + 5001,
    };
    expect(parse(DATA, fork)).toEqual([]);
    expect(parse({ role: 'user' }, fork)).toEqual([]);
    expect(requestIn(parse(DATA, { ...fork, time_created: SESSION_MS + 6000 }))).toBeDefined();
  });

  test("a subagent's session belongs to the one that started it", () => {
    const columns = { session_id: 'ses_child', session_parent_id: 'ses_a' };
    expect(requestIn(parse({ ...DATA, agent: 'general' }, columns))).toMatchObject({
      sessionId: 'ses_a',
      isAgentThread: true,
      agentId: 'ses_child',
      agentType: 'general',
      promptId: null,
    });
    expect(parse({ role: 'user' }, columns)).toEqual([]);
  });

  test('a user row is a prompt', () => {
    const entries = parse({ role: 'user', time: { created: SESSION_MS + 500 } }, { id: 'msg_1' });
    expect(entries.at(-1)).toMatchObject({ type: 'user', isPrompt: true, promptId: 'msg_1' });
  });

  test('any row is parsed', () => {
    const keys = fc.constantFrom(...Object.keys(DATA));
    fc.assert(
      fc.property(fc.dictionary(keys, fc.jsonValue()), fc.anything(), (fields, column) => {
        expect(Array.isArray(parse({ ...DATA, ...fields }))).toBe(true);
        for (const name of ['id', 'session_id', 'data', 'time_created', 'session_time_created']) {
          expect(Array.isArray(parse(DATA, { [name]: column }))).toBe(true);
        }
      }),
    );
  });
});

describe('events', () => {
  const answer = { role: 'assistant', parentID: 'msg_1', sessionID: 'ses_a' };

  function eventOf(fields: Record<string, unknown>): string {
    return JSON.stringify({ session_id: 'ses_a', cwd: '/work/a', ...fields });
  }

  test('an answer counts once it has ended', () => {
    const running = { info: { ...answer, time: { created: 1 } } };
    const ended = { info: { ...answer, time: { created: 1, completed: 2 } } };
    const updated = (properties: unknown) =>
      openCode.parseEvent(eventOf({ hook_event_name: 'message.updated', properties }));
    expect(updated(running).kind).toBe('other');
    expect(eventIn(updated(ended))).toMatchObject({ phase: 'tool', promptId: 'msg_1' });
  });

  test('a tool call with its result', () => {
    const input = { tool: 'bash', sessionID: 'ses_a', callID: 'call_1' };
    const output = { metadata: { exit: 2 } };
    const text = eventOf({ hook_event_name: 'tool.execute.after', input, output });
    expect(eventIn(openCode.parseEvent(text))).toMatchObject({
      toolName: 'bash',
      toolUseId: 'call_1',
      toolResult: { isFailed: true, durationMs: null },
    });
  });

  test("a subagent's session is an agent of the root session", () => {
    const event = {
      hook_event_name: 'session.idle',
      session_id: 'ses_c',
      root_session_id: 'ses_a',
    };
    expect(eventIn(openCode.parseEvent(eventOf(event)))).toMatchObject({
      sessionId: 'ses_a',
      agentId: 'ses_c',
      phase: 'turn-end',
    });
  });

  test('any text is parsed', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        expect(['event', 'other', 'malformed']).toContain(openCode.parseEvent(text).kind);
      }),
    );
  });

  test('no budget can be enforced', () => {
    const stop = { reason: 'The budget is spent.', remedy: 'Raise it.' };
    const event = bareEvent('PostToolUse');
    expect(openCode.answerText(event, { stop, ask: null, notices: [] })).toBeNull();
  });
});
