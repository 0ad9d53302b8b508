import { bareEvent } from '../../../src/agents/shared/events.ts';
import { describe, expect, test } from 'vitest';
import { copilot, copilotSetup } from '../../../src/agents/copilot/index.ts';
import { usageEvents } from '../../../src/agents/copilot/rows.ts';
import type { RequestEntry } from '../../../src/core/transcript/entry.ts';
import { countsOf, recordsBelow } from '../../helpers/agent-files.ts';
import { agentRuns, eventIn, withoutModels } from '../../helpers/agent-runs.ts';
import { commandFor, expectToBeUndone } from '../../helpers/agent-install.ts';
import { fc } from '../../helpers/fast-check.ts';

const runs = agentRuns('copilot');

/** A row of the store as SQLite gives it, joined with its session. */
const ROW = {
  id: 7,
  session_id: 'session-a',
  turn_index: 2,
  agent_id: null,
  parent_tool_call_id: null,
  model: 'gpt-5.4',
  input_tokens: 1000,
  output_tokens: 50,
  cache_read_tokens: 600,
  cache_write_tokens: 100,
  reasoning_tokens: 20,
  created_at: '2026-11-30T10:00:02.000Z',
  session_cwd: '/work/a',
  session_branch: 'main',
  session_created_at: '2026-11-30T10:00:00.000Z',
};

function requestIn(row: Record<string, unknown>): RequestEntry | undefined {
  return usageEvents.parseRow(row, {}).find((entry) => entry.type === 'request');
}

describe('recorded runs', () => {
  test.each(runs)('$name: every request once', ({ home, expected }) => {
    const counts = countsOf(recordsBelow('copilot', copilot.sources, home));
    expect(withoutModels(counts)).toEqual(withoutModels(expected));
  });

  test.each(runs)('$name: every event is parsed', ({ events }) => {
    const parsed = events.map((text) => eventIn(copilot.parseEvent(text)));
    const sessions = new Set(parsed.map(({ sessionId }) => sessionId));
    expect(sessions.size).toBe(1);
    expect(parsed.map(({ phase }) => phase)).toContain('turn-end');
    for (const event of parsed) expect(event.toolName === null).toBe(event.phase !== 'tool');
  });
});

describe('rows', () => {
  test('cached tokens are part of the input, reasoning is part of the output', () => {
    expect(requestIn(ROW)?.parsed.usage).toMatchObject({
      inputTokens: 300,
      outputTokens: 50,
      cacheReadTokens: 600,
      cacheWrite5mTokens: 100,
    });
  });

  test('a request names its session, turn, folder and branch', () => {
    expect(requestIn(ROW)).toMatchObject({
      sessionId: 'session-a',
      promptId: 'session-a:turn-2',
      cwd: '/work/a',
      gitBranch: 'main',
      isAgentThread: false,
      atMs: Date.parse('2026-11-30T10:00:02Z'),
    });
  });

  test('a subagent works in the session of the user', () => {
    const row = { ...ROW, agent_id: 'agent-b', parent_tool_call_id: 'call-1' };
    expect(requestIn(row)).toMatchObject({
      sessionId: 'session-a',
      isAgentThread: true,
      agentId: 'agent-b',
      spawnToolUseId: 'call-1',
    });
  });

  test('equal rows are different requests; a row that is read again is the same', () => {
    const first = requestIn(ROW)?.messageId;
    expect(requestIn({ ...ROW, id: 8 })?.messageId).not.toBe(first);
    expect(requestIn({ ...ROW, session_id: 'session-b' })?.messageId).not.toBe(first);
    expect(requestIn({ ...ROW })?.messageId).toBe(first);
  });

  test("a time as SQLite's default writes it is UTC", () => {
    const row = { ...ROW, created_at: '2026-11-30 10:00:02' };
    expect(requestIn(row)?.atMs).toBe(Date.parse('2026-11-30T10:00:02Z'));
  });

  test('counts that are missing are zero', () => {
    const row = {
      ...ROW,
      cache_read_tokens: null,
      cache_write_tokens: null,
      reasoning_tokens: null,
    };
    expect(requestIn(row)?.parsed.usage).toMatchObject({ inputTokens: 1000, outputTokens: 50 });
  });

  test('any row is parsed', () => {
    const keys = fc.constantFrom(...Object.keys(ROW));
    fc.assert(
      fc.property(fc.dictionary(keys, fc.anything()), (row) => {
        expect(Array.isArray(usageEvents.parseRow(row, {}))).toBe(true);
        expect(Array.isArray(usageEvents.parseRow({ ...ROW, ...row }, {}))).toBe(true);
      }),
    );
  });
});

describe('events', () => {
  test("inside a subagent the session is the parent's", () => {
    const text = JSON.stringify({
      hook_event_name: 'Stop',
      session_id: 'agent-b',
      agent_id: 'agent-b',
      agent_type: 'task',
      parent_agent_id: 'session-a',
    });
    expect(eventIn(copilot.parseEvent(text))).toMatchObject({
      sessionId: 'session-a',
      agentId: 'agent-b',
      agentType: 'task',
      phase: 'turn-end',
    });
  });

  test("a deeper subagent's session is in the path", () => {
    const text = JSON.stringify({
      hook_event_name: 'Stop',
      session_id: 'agent-c',
      agent_id: 'agent-c',
      parent_agent_id: 'agent-b',
      transcript_path: '/h/.copilot/session-state/session-a/events.jsonl',
    });
    expect(eventIn(copilot.parseEvent(text)).sessionId).toBe('session-a');
  });

  test('a failed tool call', () => {
    const event = {
      hook_event_name: 'PostToolUse',
      session_id: 's',
      tool_name: 'Bash',
      tool_result: { result_type: 'failure' },
    };
    expect(eventIn(copilot.parseEvent(JSON.stringify(event))).toolResult?.isFailed).toBe(true);
  });

  test('any text is parsed', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        expect(['event', 'other', 'malformed']).toContain(copilot.parseEvent(text).kind);
      }),
    );
  });

  test('no budget can be enforced', () => {
    const stop = { reason: 'The budget is spent.', remedy: 'Raise it.' };
    const event = bareEvent('PostToolUse');
    expect(copilot.answerText(event, { stop, ask: null, notices: [] })).toBeNull();
  });
});

describe('installer', () => {
  const { installer } = copilotSetup;
  const [path = ''] = installer.files({ home: '/h', env: {} });
  const command = commandFor('copilot');

  test('has a file of its own', () => {
    expect(path).toBe('/h/.copilot/hooks/tallyhook.json');
    expectToBeUndone(installer, path, null, command);
  });

  test('a command that has moved is replaced', () => {
    const old = installer.add(path, null, commandFor('copilot', '/old'), { isEnforcing: false });
    const now = installer.add(path, old, command, { isEnforcing: false });
    expect(now).toBe(installer.add(path, null, command, { isEnforcing: false }));
  });

  test("somebody else's file of that name stays", () => {
    const text = '{"version":1,"hooks":{"Stop":[{"type":"command","bash":"say done"}]}}';
    expect(installer.add(path, text, command, { isEnforcing: false })).toBeNull();
    expect(installer.remove(path, text)).toBe(text);
  });

  test('hooks that somebody added to our file stay', () => {
    const other = { type: 'command', bash: 'say done' };
    const file = JSON.parse(installer.add(path, null, command, { isEnforcing: false }) ?? '') as {
      hooks: Record<string, unknown[]>;
    };
    file.hooks['Stop']?.push(other);
    const left: unknown = JSON.parse(installer.remove(path, JSON.stringify(file)) ?? '');
    expect(left).toEqual({ version: 1, hooks: { Stop: [other] } });
  });
});
