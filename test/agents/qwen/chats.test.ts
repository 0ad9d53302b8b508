import { expect, test } from 'vitest';
import { qwenChats } from '../../../src/agents/qwen/chats.ts';
import { fc, runs } from '../../helpers/fast-check.ts';
import { countsIn, entriesOf, requestsOf } from '../shared/lines.ts';

const line = (uuid: string, type: string, more = {}) => ({
  uuid,
  parentUuid: null,
  sessionId: 's',
  timestamp: '2026-05-01T10:00:00.000Z',
  type,
  cwd: '/p',
  version: '0.24.4',
  ...more,
});
const telemetry = (uuid: string, name: string, event: object, more = {}) =>
  line(uuid, 'system', {
    subtype: 'ui_telemetry',
    systemPayload: { uiEvent: { 'event.name': `qwen-code.${name}`, ...event } },
    ...more,
  });
const response = (uuid: string, event = {}, more = {}) =>
  telemetry(
    uuid,
    'api_response',
    {
      response_id: 'chatcmpl-1',
      model: 'qwen3-coder-plus',
      input_token_count: 100,
      output_token_count: 20,
      cached_content_token_count: 60,
      thoughts_token_count: 8,
      total_token_count: 120,
      prompt_id: 's########0',
      ...event,
    },
    more,
  );

test('thoughts are part of the output, cached tokens of the input', () => {
  const entries = entriesOf(qwenChats, [line('u', 'user'), response('a')]);
  expect(countsIn(entries)).toEqual([[40, 20, 60, 0]]);
  expect(requestsOf(entries)).toMatchObject([
    { sessionId: 's', promptId: 's########0', thinkingTokens: 8, clientVersion: '0.24.4' },
  ]);
});

test('without a total, thoughts are still part of the output', () => {
  const entries = entriesOf(qwenChats, [response('a', { total_token_count: 0 })]);
  expect(countsIn(entries)).toEqual([[40, 20, 60, 0]]);
});

test('what repeats a request is not counted', () => {
  const usageMetadata = { promptTokenCount: 100, candidatesTokenCount: 20 };
  const entries = entriesOf(qwenChats, [
    response('a'),
    line('b', 'assistant', { usageMetadata, model: 'qwen3-coder-plus' }),
  ]);
  expect(requestsOf(entries)).toHaveLength(1);
  expect(qwenChats.includes('/h/.qwen/projects/-p/chats/s.jsonl')).toBe(true);
  expect(qwenChats.includes('/h/.qwen/projects/-p/subagents/s/agent-a.jsonl')).toBe(false);
  expect(qwenChats.includes('/h/.qwen/usage_record.jsonl')).toBe(false);
});

test('requests with one response id are told apart by their lines', () => {
  const entries = entriesOf(qwenChats, [response('a'), response('b')]);
  const ids = requestsOf(entries).map(({ messageId, requestId }) => [messageId, requestId]);
  expect(ids).toEqual([
    ['a', 'chatcmpl-1'],
    ['b', 'chatcmpl-1'],
  ]);
});

test('a fork skips the lines that it copied', () => {
  const forkedFrom = { sessionId: 's', messageUuid: 'a' };
  const entries = entriesOf(qwenChats, [
    response('a', {}, { sessionId: 'fork', forkedFrom }),
    response('c', {}, { sessionId: 'fork' }),
  ]);
  expect(entries).toHaveLength(1);
  expect(requestsOf(entries)).toMatchObject([{ sessionId: 'fork', messageId: 'c' }]);
});

test('a subagent is in the same file, under the model that answered', () => {
  const entries = entriesOf(qwenChats, [
    response('a', {
      model: 'small-model',
      subagent_id: 'scout-call_1',
      subagent_name: 'scout',
      prompt_id: 's#scout-call_1#0',
    }),
  ]);
  expect(requestsOf(entries)).toMatchObject([
    {
      model: 'small-model',
      isAgentThread: true,
      agentId: 'scout-call_1',
      agentType: 'scout',
      spawnToolUseId: 'call_1',
      promptId: null,
    },
  ]);
});

test('a tool that has run names its response', () => {
  const entries = entriesOf(qwenChats, [
    response('a', { response_id: 'r1' }),
    response('b', { response_id: 'r2' }),
    telemetry('c', 'tool_call', {
      call_id: 't1',
      function_name: 'run_shell_command',
      function_args: { command: 'npm test' },
      duration_ms: 12,
      success: false,
      response_id: 'r1',
    }),
  ]);
  expect(requestsOf(entries).map(({ messageId }) => messageId)).toEqual(['a', 'b', 'a']);
  expect(requestsOf(entries)[2]?.toolCalls).toMatchObject([
    { toolUseId: 't1', commandWord: 'npm' },
  ]);
  expect(entries.at(-1)).toMatchObject({
    toolResults: [{ toolUseId: 't1', isFailed: true, durationMs: 12 }],
  });
});

test('never throws, whatever the lines', () => {
  const event = fc.dictionary(
    fc.constantFrom('event.name', 'call_id', 'function_name', 'input_token_count', 'response_id'),
    fc.oneof(fc.jsonValue(), fc.constantFrom('qwen-code.api_response', 'qwen-code.tool_call')),
  );
  const json = fc.record({
    type: fc.constantFrom('system', 'user', 'assistant'),
    subtype: fc.constant('ui_telemetry'),
    uuid: fc.jsonValue(),
    systemPayload: fc.oneof(fc.jsonValue(), fc.record({ uiEvent: event })),
  });
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.string(), fc.jsonValue(), json)), (lines) => {
      expect(() => entriesOf(qwenChats, lines)).not.toThrow();
    }),
    runs(300),
  );
});
