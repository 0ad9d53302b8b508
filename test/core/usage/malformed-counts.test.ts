import { describe, expect, test } from 'vitest';
import { parseAnthropicUsage } from '../../../src/core/usage/parse-anthropic.ts';
import { parseUsage } from '../../../src/core/usage-shapes/parse.ts';
import { cheapRuns, fc } from '../../helpers/fast-check.ts';

/** What a gateway may write where a count must be, as the text of JSON. */
const MALFORMED = [
  '-1',
  '1000.5',
  '1e400',
  '-1e400',
  '9007199254740992',
  '1e20',
  '"NaN"',
  '"Infinity"',
  '"abc"',
  '""',
  '"-5"',
  '"1,000"',
  '"1000.5"',
  '"0x10"',
  '"9007199254740993"',
  'true',
  'false',
  '[]',
  '[1000]',
  '{}',
  '{"value":1000}',
];

const READABLE = ['0', '-0', '7', '7.0', '7e2', '"7"', '"7.0"', '"0"'];

const ANTHROPIC: readonly string[] = [
  '{"input_tokens":@,"output_tokens":5}',
  '{"input_tokens":5,"output_tokens":@}',
  '{"input_tokens":5,"output_tokens":5,"cache_read_input_tokens":@}',
  '{"input_tokens":5,"output_tokens":5,"cache_creation_input_tokens":@}',
  '{"input_tokens":5,"output_tokens":5,"cache_creation":{"ephemeral_5m_input_tokens":@}}',
  '{"input_tokens":5,"output_tokens":5,"cache_creation":{"ephemeral_1h_input_tokens":@}}',
  '{"input_tokens":5,"output_tokens":5,"server_tool_use":{"web_search_requests":@}}',
];

/** Other providers' shapes. */
const OTHERS: readonly string[] = [
  '{"prompt_tokens":@,"completion_tokens":5}',
  '{"prompt_tokens":5,"completion_tokens":@}',
  '{"prompt_tokens":@,"completion_tokens":@}',
  '{"prompt_tokens":5,"completion_tokens":5,"prompt_tokens_details":{"cached_tokens":@}}',
  '{"prompt_tokens":5,"completion_tokens":5,"completion_tokens_details":{"reasoning_tokens":@}}',
  '{"input_tokens":5,"output_tokens":5,"total_tokens":10,"input_tokens_details":{"cached_tokens":@}}',
  '{"promptTokenCount":5,"candidatesTokenCount":@}',
  '{"promptTokenCount":@}',
  '{"promptTokenCount":5,"thoughtsTokenCount":@}',
  '{"inputTokens":@,"outputTokens":5}',
  '{"inputTokens":@,"outputTokens":@}',
  '{"inputTokens":5,"outputTokens":5,"cacheReadInputTokens":@}',
  '{"inputTokens":5,"outputTokens":5,"cacheDetails":[{"ttl":"1h","inputTokens":@}]}',
  '{"input":5,"output":5,"reasoning":1,"cache":{"read":@,"write":0}}',
];

const fill = (shape: string, count: string): unknown =>
  JSON.parse(shape.replaceAll('@', () => count));

describe.each(MALFORMED)('a count of %s', (count) => {
  test.each(ANTHROPIC)('makes %s malformed', (shape) => {
    expect(parseAnthropicUsage(fill(shape, count))).toMatchObject({ isMalformed: true });
  });

  test.each(OTHERS)('makes %s malformed', (shape) => {
    expect(parseUsage({ usage: fill(shape, count) })).toMatchObject({ isMalformed: true });
  });
});

describe.each(READABLE)('a count of %s', (count) => {
  test.each([...ANTHROPIC, ...OTHERS])('is readable in %s', (shape) => {
    expect(parseUsage({ usage: fill(shape, count) })).toMatchObject({ isMalformed: false });
  });
});

test('the vendor leaves out, or sets to null, what a request did not use', () => {
  const nulls = {
    cache_read_input_tokens: null,
    cache_creation_input_tokens: null,
    cache_creation: null,
    server_tool_use: null,
  };
  const usage = { input_tokens: 5, output_tokens: 5 };
  expect(parseAnthropicUsage({ ...usage, ...nulls })).toMatchObject({ isMalformed: false });
  expect(parseAnthropicUsage({ output_tokens: 5 })).toMatchObject({ isMalformed: false });
});

test.each([
  { input_tokens: null, output_tokens: 5 },
  { input_tokens: 5, output_tokens: null },
  { input_tokens: null },
  { input_tokens: 5, output_tokens: 5, cache_creation: 7 },
  { input_tokens: 5, output_tokens: 5, server_tool_use: 'none' },
  { prompt_tokens: null, completion_tokens: null },
  { prompt_tokens: 5, completion_tokens: null },
  { inputTokens: null, outputTokens: null },
  { promptTokens: 5, completionTokens: null },
  { promptTokenCount: null },
])('%j is malformed: every response has these', (usage) => {
  expect(parseUsage({ usage })).toMatchObject({ isMalformed: true });
});

test("an advisor's pass is malformed on its own", () => {
  const usage = {
    input_tokens: 5,
    output_tokens: 5,
    iterations: [{ type: 'advisor_message', model: 'claude-opus-4-8', input_tokens: -3 }],
  };
  const parsed = parseAnthropicUsage(usage);
  expect(parsed).toMatchObject({ isMalformed: false, sideRequests: [{ isMalformed: true }] });
});

test("an Ollama chunk's texts are not counts", () => {
  const message = { tool_calls: [{ function: { arguments: { read: 'a.txt', total: 'all' } } }] };
  const chunk = { model: 'llama3.2', done: true, prompt_eval_count: 5, eval_count: 7, message };
  expect(parseUsage(chunk)).toMatchObject({ isMalformed: false });
});

test('any value is read as a count or makes the usage malformed', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.constantFrom(...ANTHROPIC), (value, shape) => {
      const parsed = parseAnthropicUsage(fill(shape, JSON.stringify(value)));
      const isCount = Number.isSafeInteger(value) && (value as number) >= 0;
      const isText = typeof value === 'string' && /^\d{1,15}(\.0+)?$/.test(value);
      const isHuge = Number(value) > 2e10;
      const isNone = value === null && ANTHROPIC.indexOf(shape) >= 2;
      expect(parsed?.isMalformed).toBe(!((isCount || isText) && !isHuge) && !isNone);
    }),
    cheapRuns(400),
  );
});
