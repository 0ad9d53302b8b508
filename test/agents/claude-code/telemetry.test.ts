import { describe, expect, test } from 'vitest';
import { parseTelemetry } from '../../../src/agents/claude-code/telemetry.ts';
import { readJson, sharedFolder } from '../../helpers/shared.ts';
import { fc } from '../../helpers/fast-check.ts';

type Value = Record<string, unknown>;

const attribute = (key: string, value: Value) => ({ key, value });

function exported(
  attributes: object[],
  body = 'claude_code.api_request',
  time: unknown = '1795297457383000000',
) {
  return {
    resourceLogs: [
      {
        resource: { attributes: [attribute('service.version', { stringValue: '2.1.330' })] },
        scopeLogs: [
          { logRecords: [{ timeUnixNano: time, body: { stringValue: body }, attributes }] },
        ],
      },
    ],
  };
}

const NAMED = [
  attribute('session.id', { stringValue: 's1' }),
  attribute('model', { stringValue: 'claude-opus-4-8' }),
  attribute('cost_usd', { doubleValue: 0.005803249999999999 }),
];

test('an api_request is what it says, its cost to the nano-dollar', () => {
  const body = exported([
    ...NAMED,
    attribute('request_id', { stringValue: 'req_1' }),
    attribute('query_source', { stringValue: 'compact' }),
    attribute('prompt.id', { stringValue: 'p1' }),
    attribute('agent_id', { stringValue: 'a1' }),
    attribute('input_tokens', { intValue: 8 }),
    // As protobuf's JSON has 64-bit integers.
    attribute('output_tokens', { intValue: '122' }),
    attribute('cache_read_tokens', { intValue: 1039 }),
    attribute('cache_creation_tokens', { intValue: 351 }),
  ]);
  expect(parseTelemetry(body)).toEqual([
    {
      requestId: 'req_1',
      sessionId: 's1',
      promptId: 'p1',
      agentId: 'a1',
      occurredAtMs: 1795297457383,
      model: 'claude-opus-4-8',
      querySource: 'compact',
      costNanoUsd: 5_803_250,
      inputTokens: 8,
      outputTokens: 122,
      cacheReadTokens: 1039,
      cacheWriteTokens: 351,
      clientVersion: '2.1.330',
    },
  ]);
});

test('without an id of the vendor it has one of its own, the same when it is sent again', () => {
  const body = exported([...NAMED, attribute('event.sequence', { intValue: 9 })]);
  expect(parseTelemetry(body)).toMatchObject([{ requestId: '@s1:1795297457383:9' }]);
});

describe('what is none is passed over', () => {
  test.each([
    ['another event', exported(NAMED, 'claude_code.tool_result')],
    ['no session', exported(NAMED.slice(1))],
    ['no model', exported([...NAMED.slice(0, 1), ...NAMED.slice(2)])],
    ['no cost', exported(NAMED.slice(0, 2))],
    ['no time', exported(NAMED, 'claude_code.api_request', '0')],
    ['no record', { resourceLogs: [null, { scopeLogs: [7, { logRecords: ['x'] }] }] }],
  ])('%s', (_, body) => {
    expect(parseTelemetry(body)).toEqual([]);
  });

  test.each([[null], [7], [[]], [{}], [{ resourceLogs: {} }]])('%j is no export', (body) => {
    expect(parseTelemetry(body)).toBeNull();
  });
});

test('never throws', () => {
  const names = fc.constantFrom('session.id', 'model', 'cost_usd', 'request_id', 'input_tokens');
  const value = fc.oneof(fc.anything(), fc.record({ stringValue: fc.anything() }));
  const attributes = fc.array(fc.record({ key: names, value }));
  fc.assert(
    fc.property(attributes, fc.anything(), fc.anything(), (list, time, other) => {
      parseTelemetry(exported(list, 'claude_code.api_request', time));
      parseTelemetry(other);
      parseTelemetry({ resourceLogs: other });
    }),
  );
});

const payloads = sharedFolder('reference/payloads');

test.skipIf(payloads === null)("the client's own, as it was captured", () => {
  const events = readJson<Record<string, Value>>(`${payloads}/cc-2.1.330.otlp-logs.json`);
  const body = {
    resourceLogs: Object.values(events).map(({ resource, scope, record }) => ({
      resource: { attributes: resource },
      scopeLogs: [{ scope, logRecords: [record] }],
    })),
  };
  expect(parseTelemetry(body)).toMatchObject([
    {
      requestId: 'req_02209hga57hno07',
      querySource: 'generate_session_title',
      costNanoUsd: 360_000,
      inputTokens: 50,
      outputTokens: 8,
    },
  ]);
});
