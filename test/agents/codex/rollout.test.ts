import { expect, test } from 'vitest';
import { rollouts } from '../../../src/agents/codex/rollout.ts';
import { fc, runs } from '../../helpers/fast-check.ts';
import { countsIn, entriesOf, requestsOf } from '../shared/lines.ts';

const line = (type: string, payload: unknown, second = 0) => ({
  timestamp: `2026-05-01T10:00:${String(second).padStart(2, '0')}.000Z`,
  type,
  payload,
});
const meta = (id: string, more = {}) =>
  line('session_meta', {
    id,
    cwd: '/p',
    cli_version: '0.104.0',
    model_provider: 'openai',
    ...more,
  });
const turn = (model: string, turnId?: string) =>
  line('turn_context', { model, cwd: '/p', ...(turnId === undefined ? {} : { turn_id: turnId }) });
const total = (input: number, cached: number, output: number, last?: [number, number, number]) =>
  line('event_msg', {
    type: 'token_count',
    info: {
      total_token_usage: usageOf(input, cached, output),
      last_token_usage: last === undefined ? usageOf(input, cached, output) : usageOf(...last),
    },
  });
const usageOf = (input: number, cached: number, output: number) => ({
  input_tokens: input,
  cached_input_tokens: cached,
  output_tokens: output,
  reasoning_output_tokens: 0,
  total_tokens: input + output,
});
const NO_INFO = line('event_msg', { type: 'token_count', info: null });
const record = (id: string, turnId: string, more = {}) =>
  line('token_usage_record', {
    thread_id: 's',
    session_id: 's',
    turn_id: turnId,
    response_id: id,
    usage: { ...usageOf(100, 60, 20), cache_write_input_tokens: 30, reasoning_output_tokens: 5 },
    ...more,
  });

test('totals are counted by their rises: without a value, repeated, after a compaction', () => {
  const entries = entriesOf(rollouts, [
    meta('s'),
    turn('gpt-5'),
    NO_INFO,
    total(100, 0, 10),
    total(100, 0, 10),
    total(250, 90, 30, [150, 90, 20]),
    total(250, 90, 30, [0, 0, 0]),
    line('compacted', { message: 'short' }),
    total(250, 90, 30, [999, 0, 9]),
    total(300, 90, 35, [50, 0, 5]),
  ]);
  expect(countsIn(entries)).toEqual([
    [100, 10, 0, 0],
    [60, 20, 90, 0],
    [50, 5, 0, 0],
  ]);
  const requests = requestsOf(entries);
  expect(requests.map(({ messageId }) => messageId)).toEqual(['s:0+110', 's:110+170', 's:280+55']);
  expect(requests[0]).toMatchObject({
    model: 'gpt-5',
    sessionId: 's',
    cwd: '/p',
    clientVersion: '0.104.0',
    billing: { provider: 'openai', isCounter: true },
  });
});

test('the rises add up to the last total, however often it is repeated', () => {
  const step = fc.record({
    input: fc.nat(1000),
    cached: fc.nat(1000),
    output: fc.nat(1000),
    repeats: fc.nat(2),
  });
  fc.assert(
    fc.property(fc.array(step), (steps) => {
      const sum = { input: 0, cached: 0, output: 0 };
      const lines = steps.flatMap(({ input, cached, output, repeats }) => {
        sum.input += input;
        sum.cached += Math.min(cached, input);
        sum.output += output;
        const line = total(sum.input, sum.cached, sum.output);
        return Array.from({ length: repeats + 1 }, () => line);
      });
      const entries = entriesOf(rollouts, [meta('s'), turn('gpt-5'), ...lines]);
      const counted = countsIn(entries);
      const add = (kind: number) => counted.reduce((all, counts) => all + (counts[kind] ?? 0), 0);
      expect([add(0) + add(2), add(1), add(2)]).toEqual([sum.input, sum.output, sum.cached]);
      const ids = requestsOf(entries).map(({ messageId }) => messageId);
      expect(new Set(ids).size).toBe(ids.length);
    }),
    runs(200),
  );
});

test('a fall is a new counter, and counters that alternate are told apart', () => {
  const entries = entriesOf(rollouts, [
    meta('s'),
    turn('gpt-5'),
    total(1000, 0, 10),
    total(200, 0, 5),
    total(1100, 0, 20, [100, 0, 10]),
    total(260, 0, 9, [60, 0, 4]),
    total(1100, 0, 20, [100, 0, 10]),
  ]);
  expect(countsIn(entries).map(([input, output]) => [input, output])).toEqual([
    [1000, 10],
    [200, 5],
    [100, 10],
    [60, 4],
  ]);
  expect(requestsOf(entries).map(({ messageId }) => messageId)).toEqual([
    's:0+1010',
    's#1:0+205',
    's:1010+110',
    's#1:205+64',
  ]);
});

test('a fork that copied lines names the requests as its parent does', () => {
  const own = [turn('gpt-5'), total(100, 0, 10), total(200, 0, 20, [100, 0, 10])];
  const parent = requestsOf(entriesOf(rollouts, [meta('parent'), ...own]));
  const child = requestsOf(
    entriesOf(rollouts, [
      meta('child', { forked_from_id: 'parent' }),
      meta('parent'),
      ...own.map((copied) => ({ ...copied, timestamp: '2026-06-01T00:00:00.000Z' })),
      total(330, 0, 30, [130, 0, 10]),
    ]),
  );
  expect(child.map(({ messageId }) => messageId)).toEqual([
    ...parent.map(({ messageId }) => messageId),
    'parent:220+140',
  ]);
  expect(new Set(child.map(({ sessionId }) => sessionId))).toEqual(new Set(['child']));
});

test('a fork of a fork has the counter of the first', () => {
  const entries = entriesOf(rollouts, [
    meta('c', { forked_from_id: 'b' }),
    meta('b', { forked_from_id: 'a' }),
    turn('gpt-5'),
    total(100, 0, 10),
  ]);
  expect(requestsOf(entries)[0]?.messageId).toBe('a:0+110');
});

test('a fork without copied lines goes on from its parent’s total', () => {
  const entries = entriesOf(rollouts, [
    meta('c', { forked_from_id: 'b', history_base: { thread_id: 'b' } }),
    turn('gpt-5'),
    total(5000, 0, 100, [300, 0, 10]),
  ]);
  expect(countsIn(entries)).toEqual([[300, 10, 0, 0]]);
});

test('records take precedence over totals and have the model of their turn', () => {
  const entries = entriesOf(rollouts, [
    meta('s', { git: { branch: 'main' } }),
    turn('gpt-5.5', 't1'),
    turn('gpt-5.5-mini', 't2'),
    record('r1', 't1'),
    total(100, 60, 20),
    record('r2', 't2'),
    total(200, 120, 40, [100, 60, 20]),
  ]);
  expect(requestsOf(entries)).toMatchObject([
    { messageId: 'r1', model: 'gpt-5.5', promptId: 't1', gitBranch: 'main', thinkingTokens: 5 },
    { messageId: 'r2', model: 'gpt-5.5-mini', promptId: 't2', billing: { isCounter: false } },
  ]);
  expect(countsIn(entries)).toEqual([
    [10, 20, 60, 30],
    [10, 20, 60, 30],
  ]);
});

test('totals before an upgrade count, those after it do not', () => {
  const entries = entriesOf(rollouts, [
    meta('s'),
    turn('gpt-5', 't'),
    total(100, 0, 10),
    record('r1', 't'),
    total(200, 60, 30, [100, 60, 20]),
  ]);
  expect(countsIn(entries)).toEqual([
    [100, 10, 0, 0],
    [10, 20, 60, 30],
  ]);
});

test('a subagent has the session of its root, and no tool calls of its parent', () => {
  const call = { type: 'function_call', name: 'spawn_agent', arguments: '{}', call_id: 'c0' };
  const entries = entriesOf(rollouts, [
    meta('sub', {
      session_id: 's',
      source: { subagent: { thread_spawn: { parent_thread_id: 's', agent_role: 'scout' } } },
    }),
    meta('s', { session_id: 's' }),
    turn('gpt-5.5', 't1'),
    line('response_item', call),
    line('event_msg', { type: 'task_started', turn_id: 't2', root_turn_id: 't1' }),
    turn('gpt-5.5-mini', 't2'),
    record('r1', 't2', { thread_id: 'sub', root_turn_id: 't1' }),
  ]);
  expect(requestsOf(entries)).toMatchObject([
    {
      sessionId: 's',
      ownerSessionId: null,
      isAgentThread: true,
      agentId: 'sub',
      agentType: 'scout',
      promptId: 't1',
      model: 'gpt-5.5-mini',
      toolCalls: [],
    },
  ]);
});

test('tools: the call before its request, the outcome before its result', () => {
  const entries = entriesOf(rollouts, [
    meta('s'),
    turn('gpt-5.5', 't'),
    line('event_msg', { type: 'user_message', message: 'hello' }),
    line('response_item', {
      type: 'function_call',
      name: 'exec_command',
      arguments: '{"cmd":"npm test"}',
      call_id: 'c1',
    }),
    line('response_item', {
      type: 'custom_tool_call',
      name: 'apply_patch',
      input: '*** Begin Patch\n*** Update File: src/a.ts\n',
      call_id: 'c2',
    }),
    record('r1', 't'),
    line('event_msg', {
      type: 'exec_command_end',
      call_id: 'c1',
      exit_code: 1,
      duration: { secs: 1, nanos: 500_000_000 },
    }),
    line('response_item', { type: 'function_call_output', call_id: 'c1', output: 'no' }),
    line('response_item', { type: 'custom_tool_call_output', call_id: 'c2', output: 'ok' }),
  ]);
  expect(requestsOf(entries)[0]?.toolCalls).toMatchObject([
    { toolUseId: 'c1', name: 'exec_command', commandWord: 'npm' },
    { toolUseId: 'c2', name: 'apply_patch', filePath: 'src/a.ts' },
  ]);
  expect(entries.filter(({ type }) => type === 'user')).toMatchObject([
    { isPrompt: true, promptId: 't' },
    { toolResults: [{ toolUseId: 'c1', isFailed: true, durationMs: 1500 }] },
    { toolResults: [{ toolUseId: 'c2', isFailed: false, durationMs: null }] },
  ]);
});

test('a fold that was stored as JSON goes on', () => {
  const lines = [
    meta('s'),
    turn('gpt-5', 't'),
    total(100, 0, 10),
    total(250, 90, 30, [150, 90, 20]),
    record('r1', 't'),
  ];
  for (let cut = 0; cut <= lines.length; cut++) {
    const fold = {};
    const head = entriesOf(rollouts, lines.slice(0, cut), fold);
    const stored = JSON.parse(JSON.stringify(fold)) as Record<string, unknown>;
    const tail = entriesOf(rollouts, lines.slice(cut), stored);
    expect([...head, ...tail]).toEqual(entriesOf(rollouts, lines));
  }
});

test('never throws, whatever the lines', () => {
  const types = fc.constantFrom(
    'session_meta',
    'turn_context',
    'token_usage_record',
    'response_item',
    'event_msg',
  );
  const payload = fc.oneof(
    fc.jsonValue(),
    fc.dictionary(
      fc.constantFrom(
        'type',
        'id',
        'info',
        'usage',
        'item',
        'call_id',
        'source',
        'total_token_usage',
      ),
      fc.oneof(
        fc.jsonValue(),
        fc.constantFrom('token_count', 'function_call', 'item_completed', 'local_shell_call'),
        fc.constant({ total_token_usage: { input_tokens: 5 }, last_token_usage: 3 }),
      ),
    ),
  );
  const json = fc.record({ type: types, payload, timestamp: fc.jsonValue() });
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.string(), json)), (lines) => {
      expect(() => entriesOf(rollouts, lines)).not.toThrow();
    }),
    runs(300),
  );
});
