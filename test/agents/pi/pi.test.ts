import { bareEvent } from '../../../src/agents/shared/events.ts';
import { describe, expect, test } from 'vitest';
import { pi } from '../../../src/agents/pi/index.ts';
import { sessionLines } from '../../../src/agents/pi/lines.ts';
import type { Fold } from '../../../src/agents/source.ts';
import type { Entry, RequestEntry } from '../../../src/core/transcript/entry.ts';
import { type ExpectedRequest, countsOf, recordsBelow } from '../../helpers/agent-files.ts';
import { agentRuns, eventIn, withoutModels } from '../../helpers/agent-runs.ts';
import { fc } from '../../helpers/fast-check.ts';

const runs = agentRuns('pi');

/** What the server sent, as far as the log can show it (see `coverage`). */
function visible(request: ExpectedRequest): ExpectedRequest {
  const { input, cacheRead, cacheWrite } = request;
  if (cacheRead === 0) return request;
  return { ...request, input: input + cacheWrite, cacheRead: cacheRead - cacheWrite };
}

const HEADER = { type: 'session', version: 3, id: 'session-a', cwd: '/work/a' };
const STARTED = '2026-11-30T10:00:00.000Z';
const PROMPT = lineOf('p1', { role: 'user', content: [] });
const USAGE = {
  input: 300,
  output: 70,
  cacheRead: 800,
  cacheWrite: 200,
  cost: { input: 1, total: 0.00123 },
};
const MESSAGE = {
  role: 'assistant',
  content: [
    { type: 'toolCall', id: 'call_1', name: 'bash', arguments: { command: 'git status' } },
    { type: 'toolCall', id: 'call_2', name: 'read', arguments: { path: 'a.ts' } },
  ],
  provider: 'openai',
  model: 'gpt-5.4',
  usage: USAGE,
  timestamp: 1_796_009_350_599,
  responseId: 'resp_1',
};

function headerOf(fields: Record<string, unknown> = {}): unknown {
  return { ...HEADER, timestamp: STARTED, ...fields };
}

function lineOf(id: string, message: unknown, timestamp = '2026-11-30T10:00:05.000Z'): unknown {
  return { type: 'message', id, parentId: null, timestamp, message };
}

/** The entries of the lines of one file, with the fold stored between lines. */
function parse(lines: unknown[]): Entry[] {
  let fold: Fold = {};
  return lines.flatMap((line) => {
    fold = JSON.parse(JSON.stringify(fold)) as Fold;
    return sessionLines.parseLine(JSON.stringify(line), fold);
  });
}

function requestsIn(lines: unknown[]): RequestEntry[] {
  return parse(lines).filter((entry) => entry.type === 'request');
}

function idsIn(lines: unknown[]): (string | null)[] {
  return requestsIn(lines).map(({ messageId }) => messageId);
}

describe('recorded runs', () => {
  test.each(runs)('$name: every request once', ({ home, expected }) => {
    const records = recordsBelow('pi', pi.sources, home);
    expect(withoutModels(countsOf(records))).toEqual(withoutModels(expected.map(visible)));
    expect(new Set(records.map(({ modelRaw }) => modelRaw))).toEqual(new Set(['gpt-5.4']));
    for (const { chargedNanoUsd } of records) expect(chargedNanoUsd).toBeGreaterThan(0);
  });

  test.each(runs)('$name: every event is parsed', ({ events }) => {
    const parsed = events.map((text) => eventIn(pi.parseEvent(text)));
    expect(new Set(parsed.map(({ sessionId }) => sessionId)).size).toBe(1);
    const phases = parsed.map(({ phase }) => phase);
    expect(phases).toEqual(expect.arrayContaining(['session-start', 'tool', 'turn-end']));
  });
});

describe('lines', () => {
  test('the four kinds are disjoint as they are logged', () => {
    expect(requestsIn([lineOf('a1', MESSAGE)])[0]?.parsed.usage).toMatchObject({
      inputTokens: 300,
      outputTokens: 70,
      cacheReadTokens: 800,
      cacheWrite5mTokens: 200,
    });
  });

  test('a request has its session, prompt, folder, provider, cost and tools', () => {
    const [request] = requestsIn([headerOf(), PROMPT, lineOf('a1', MESSAGE)]);
    expect(request).toMatchObject({
      sessionId: 'session-a',
      promptId: 'p1',
      cwd: '/work/a',
      ownerSessionId: 'session-a',
      billing: { provider: 'openai', chargedNanoUsd: 1_230_000, isCounter: false },
      toolCalls: [
        { toolUseId: 'call_1', commandWord: 'git' },
        { toolUseId: 'call_2', filePath: 'a.ts', commandWord: null },
      ],
    });
  });

  test("a fork's copies are the parent's requests", () => {
    const parent = [headerOf(), PROMPT, lineOf('a1', MESSAGE)];
    const header = headerOf({
      id: 'session-b',
      timestamp: '2026-11-30T11:00:00.000Z',
      parentSession: '/h/.pi/agent/sessions/--work-a--/2026-11-30T10-00-00-000Z_session-a.jsonl',
    });
    const own = lineOf('a2', { ...MESSAGE, responseId: 'resp_2' }, '2026-11-30T11:00:05.000Z');
    const fork = [header, PROMPT, lineOf('a1', MESSAGE), own];
    const requests = requestsIn(fork);
    expect(idsIn(fork)[0]).toBe(idsIn(parent)[0]);
    expect(requests.map(({ sessionId }) => sessionId)).toEqual(['session-b', 'session-b']);
    expect(requests.map(({ ownerSessionId }) => ownerSessionId)).toEqual([
      'session-a',
      'session-b',
    ]);
  });

  test('a server that sends one id for all responses', () => {
    const later = { ...MESSAGE, timestamp: MESSAGE.timestamp + 1 };
    expect(new Set(idsIn([lineOf('a1', MESSAGE), lineOf('a2', later)])).size).toBe(2);
  });

  test('an old session keeps its requests when Pi gives its lines an id', () => {
    const { responseId: _responseId, ...old } = MESSAGE;
    expect(idsIn([{ type: 'message', message: old }])).toEqual(idsIn([lineOf('a1', old)]));
  });

  test('a tool result, and an answer that failed', () => {
    const result = lineOf('r1', { role: 'toolResult', toolCallId: 'call_1', isError: true });
    expect(parse([result])[0]).toMatchObject({
      type: 'user',
      isPrompt: false,
      toolResults: [{ toolUseId: 'call_1', isFailed: true }],
    });
    const usage = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 };
    expect(requestsIn([lineOf('a1', { ...MESSAGE, usage, stopReason: 'error' })])).toEqual([]);
  });

  test('a compaction made a request of which nothing is logged', () => {
    const line = { type: 'compaction', id: 'c1', timestamp: STARTED, summary: 'x' };
    expect(parse([headerOf(), line]).at(-1)).toMatchObject({
      type: 'auxiliary',
      kind: 'compaction',
      key: 'c1',
      sessionId: 'session-a',
    });
  });

  test("the session is in the file's name", () => {
    const path = '/h/.pi/agent/sessions/--work-a--/2026-11-30T10-00-00-000Z_session-a.jsonl';
    expect(sessionLines.locate(path).sessionId).toBe('session-a');
  });

  test('any line is parsed', () => {
    const lines = fc.oneof(
      fc.string(),
      fc.json(),
      fc.jsonValue().map((usage) => JSON.stringify(lineOf('a1', { ...MESSAGE, usage }))),
      fc.jsonValue().map((content) => JSON.stringify(lineOf('a1', { ...MESSAGE, content }))),
      fc.jsonValue().map((message) => JSON.stringify(lineOf('a1', message))),
      fc.jsonValue().map((parentSession) => JSON.stringify(headerOf({ parentSession }))),
    );
    fc.assert(
      fc.property(fc.array(lines), (texts) => {
        const fold: Fold = {};
        for (const text of texts) expect(sessionLines.parseLine(text, fold)).toHaveLength(1);
      }),
    );
  });
});

describe('events', () => {
  test('a session that is not saved is of no interest', () => {
    expect(pi.parseEvent(JSON.stringify({ name: 'agent_end' })).kind).toBe('other');
  });

  test('any text is parsed', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        expect(['event', 'other', 'malformed']).toContain(pi.parseEvent(text).kind);
      }),
    );
  });

  test('no budget can be enforced', () => {
    const stop = { reason: 'The budget is spent.', remedy: 'Raise it.' };
    const event = bareEvent('PostToolUse');
    expect(pi.answerText(event, { stop, ask: null, notices: [] })).toBeNull();
  });
});
