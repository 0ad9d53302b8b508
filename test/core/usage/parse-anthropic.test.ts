import { describe, expect, test } from 'vitest';
import { parseAnthropicUsage } from '../../../src/core/usage/parse-anthropic.ts';
import { NO_USAGE, type Usage } from '../../../src/core/usage/usage.ts';
import { fc } from '../../helpers/fast-check.ts';

describe('counts', () => {
  test.each<[string, object, Partial<Usage>]>([
    [
      'input and output',
      { input_tokens: 7, output_tokens: 3 },
      { inputTokens: 7, outputTokens: 3 },
    ],
    ['zeros are counts', { input_tokens: 0 }, {}],
    [
      'null cache fields are zero',
      { input_tokens: 1, cache_read_input_tokens: null, cache_creation_input_tokens: null },
      { inputTokens: 1 },
    ],
    [
      'without a breakdown every write is a 5-minute write',
      { cache_creation_input_tokens: 80, cache_creation: null },
      { cacheWrite5mTokens: 80 },
    ],
    [
      'a breakdown without a total is the total',
      { cache_creation: { ephemeral_5m_input_tokens: 3, ephemeral_1h_input_tokens: 5 } },
      { cacheWrite5mTokens: 3, cacheWrite1hTokens: 5 },
    ],
    [
      'a breakdown beyond the total counts',
      { cache_creation_input_tokens: 4, cache_creation: { ephemeral_1h_input_tokens: 5 } },
      { cacheWrite1hTokens: 5 },
    ],
    [
      'a breakdown beside a total of zero counts',
      {
        cache_creation_input_tokens: 0,
        cache_creation: { ephemeral_5m_input_tokens: 7, ephemeral_1h_input_tokens: 5 },
      },
      { cacheWrite5mTokens: 7, cacheWrite1hTokens: 5 },
    ],
    [
      'what the breakdown leaves over is a 5-minute write',
      {
        cache_creation_input_tokens: 10,
        cache_creation: { ephemeral_5m_input_tokens: 1, ephemeral_1h_input_tokens: 2 },
      },
      { cacheWrite5mTokens: 8, cacheWrite1hTokens: 2 },
    ],
    [
      'searches, not fetches',
      { output_tokens: 1, server_tool_use: { web_search_requests: 3, web_fetch_requests: 2 } },
      { outputTokens: 1, webSearchRequests: 3 },
    ],
    [
      'what is not a count is zero',
      { input_tokens: '5 tokens', output_tokens: -1, cache_read_input_tokens: 1.5 },
      {},
    ],
    [
      'whole numbers written as text count',
      { input_tokens: '5', output_tokens: '7.0', cache_read_input_tokens: '0012' },
      { inputTokens: 5, outputTokens: 7, cacheReadTokens: 12 },
    ],
    [
      'other text is zero',
      { input_tokens: '1e3', output_tokens: '', cache_read_input_tokens: '0x10', x: '1.5' },
      {},
    ],
    ['an unsafe number is zero', { input_tokens: 2 ** 53, output_tokens: 2 }, { outputTokens: 2 }],
    ['a negative zero is zero', { input_tokens: -0, cache_creation_input_tokens: -0 }, {}],
    [
      'a total that is not a count is none',
      { cache_creation_input_tokens: 9.5, cache_creation: { ephemeral_1h_input_tokens: 5 } },
      { cacheWrite1hTokens: 5 },
    ],
  ])('%s', (_, raw, expected) => {
    expect(parseAnthropicUsage(raw)?.usage).toStrictEqual({ ...NO_USAGE, ...expected });
  });

  test.each([
    null,
    undefined,
    7,
    'usage',
    [],
    [{ input_tokens: 1 }],
    {},
    { service_tier: 'standard', cache_creation: {} },
    { prompt_tokens: 7, completion_tokens: 3 },
  ])('%j is no usage', (raw) => {
    expect(parseAnthropicUsage(raw)).toBeNull();
  });
});

test('modifiers are kept as sent', () => {
  const raw = { input_tokens: 1, service_tier: 'batch', speed: 'fast', inference_geo: 'us' };
  expect(parseAnthropicUsage(raw)?.modifiers).toStrictEqual({
    serviceTier: 'batch',
    speed: 'fast',
    inferenceGeo: 'us',
  });
  expect(parseAnthropicUsage({ input_tokens: 1, speed: 5 })?.modifiers).toStrictEqual({
    serviceTier: null,
    speed: null,
    inferenceGeo: null,
  });
});

describe('iterations', () => {
  const first = { type: 'message', input_tokens: 10, output_tokens: 1, cache_read_input_tokens: 5 };
  const second = {
    input_tokens: 2,
    output_tokens: 3,
    cache_creation_input_tokens: 9,
    cache_creation: { ephemeral_1h_input_tokens: 4 },
  };
  const sums = {
    input_tokens: 12,
    output_tokens: 4,
    cache_read_input_tokens: 5,
    cache_creation_input_tokens: 9,
    cache_creation: { ephemeral_1h_input_tokens: 4 },
  };

  test('passes that add up are kept, typed or not', () => {
    expect(parseAnthropicUsage({ ...sums, iterations: [first, second] })?.iterations).toStrictEqual(
      [
        {
          inputTokens: 10,
          outputTokens: 1,
          cacheReadTokens: 5,
          cacheWrite5mTokens: 0,
          cacheWrite1hTokens: 0,
        },
        {
          inputTokens: 2,
          outputTokens: 3,
          cacheReadTokens: 0,
          cacheWrite5mTokens: 5,
          cacheWrite1hTokens: 4,
        },
      ],
    );
  });

  test.each<[string, object]>([
    ['a single pass', { ...sums, iterations: [{ ...sums, type: 'message' }] }],
    ['passes that do not add up', { ...sums, output_tokens: 5, iterations: [first, second] }],
    ['no list', { ...sums, iterations: 'two' }],
    ['entries that are no objects', { ...sums, iterations: [null, 1, [], 'x'] }],
    ['types that are no passes', { ...sums, iterations: [{ ...first, type: 'other' }, second] }],
  ])('%s: none', (_, raw) => {
    expect(parseAnthropicUsage(raw)?.iterations).toStrictEqual([]);
  });

  test('an advisor is a request of its own model', () => {
    const advisor = { type: 'advisor_message', model: 'claude-fable-5-1', input_tokens: 30 };
    const parsed = parseAnthropicUsage({ ...sums, iterations: [first, second, advisor] });
    expect(parsed?.iterations).toHaveLength(2);
    expect(parsed?.sideRequests).toStrictEqual([
      {
        kind: 'advisor',
        index: 2,
        model: 'claude-fable-5-1',
        usage: { ...NO_USAGE, inputTokens: 30 },
        isMalformed: false,
      },
    ]);
  });

  test('compaction is a request of the message’s model', () => {
    const compaction = { type: 'compaction', input_tokens: 90, output_tokens: 8 };
    const parsed = parseAnthropicUsage({ ...sums, iterations: [null, compaction] });
    expect(parsed?.sideRequests).toStrictEqual([
      {
        kind: 'compaction',
        index: 1,
        model: null,
        usage: { ...NO_USAGE, inputTokens: 90, outputTokens: 8 },
        isMalformed: false,
      },
    ]);
  });
});

describe('refusal fallback', () => {
  // As Claude Code wrote it in July 2026: the top level is the second attempt's.
  const raw = {
    input_tokens: 2,
    cache_creation_input_tokens: 0,
    cache_read_input_tokens: 54112,
    output_tokens: 136,
    cache_creation: { ephemeral_1h_input_tokens: 0, ephemeral_5m_input_tokens: 0 },
    iterations: [
      {
        input_tokens: 2,
        output_tokens: 2,
        cache_read_input_tokens: 32238,
        cache_creation_input_tokens: 21874,
        cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 21874 },
        type: 'message',
        model: 'claude-fable-5',
      },
      {
        input_tokens: 2,
        output_tokens: 136,
        cache_read_input_tokens: 54112,
        cache_creation_input_tokens: 0,
        cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 0 },
        type: 'fallback_message',
        model: 'claude-opus-4-8',
      },
    ],
  };

  test.each(['claude-opus-4-8', 'claude-opus-4-8-20260528', '', undefined])(
    'the first attempt is kept apart (message model %j)',
    (messageModel) => {
      const parsed = parseAnthropicUsage(raw, messageModel);
      expect(parsed?.refusedAttempt).toStrictEqual({
        model: 'claude-fable-5',
        usage: {
          ...NO_USAGE,
          inputTokens: 2,
          outputTokens: 2,
          cacheReadTokens: 32238,
          cacheWrite1hTokens: 21874,
        },
      });
      expect(parsed?.usage).toStrictEqual({
        ...NO_USAGE,
        inputTokens: 2,
        outputTokens: 136,
        cacheReadTokens: 54112,
      });
      expect(parsed?.iterations).toStrictEqual([]);
      expect(parsed?.sideRequests).toStrictEqual([]);
    },
  );

  test('a pass of the same model is not refused', () => {
    const iterations = [{ type: 'message', model: 'claude-opus-4-8[1m]', input_tokens: 1 }];
    const parsed = parseAnthropicUsage({ input_tokens: 1, iterations }, 'claude-opus-4-8');
    expect(parsed?.refusedAttempt).toBeNull();
  });
});

describe('properties', () => {
  const counts = (value: fc.Arbitrary<unknown>) =>
    fc.record(
      {
        input_tokens: value,
        output_tokens: value,
        cache_read_input_tokens: value,
        cache_creation_input_tokens: value,
        cache_creation: fc.record(
          { ephemeral_5m_input_tokens: value, ephemeral_1h_input_tokens: value },
          { requiredKeys: [] },
        ),
        server_tool_use: fc.record({ web_search_requests: value }, { requiredKeys: [] }),
        type: fc.constantFrom('message', 'advisor_message', 'compaction', 'fallback_message', null),
        model: fc.constantFrom('claude-opus-5', 'claude-fable-5', null, 3),
      },
      { requiredKeys: [] },
    );
  const value = fc.oneof(fc.nat(), fc.jsonValue(), fc.constantFrom(-1, 1.5, 2 ** 60, Number.NaN));
  const usageLike = fc
    .tuple(counts(value), fc.oneof(fc.array(counts(value)), fc.jsonValue()))
    .map(([top, iterations]) => ({ ...top, iterations }));

  test('never throws, and every count is one', () => {
    const anything = fc.oneof(fc.jsonValue(), usageLike, fc.anything());
    fc.assert(
      fc.property(anything, fc.option(fc.string(), { nil: undefined }), (raw, model) => {
        const parsed = parseAnthropicUsage(raw, model);
        if (parsed === null) return;
        const all = [parsed.usage, ...parsed.sideRequests.map((side) => side.usage)];
        for (const count of all.flatMap((usage) => Object.values(usage))) {
          expect(Number.isSafeInteger(count) && count >= 0).toBe(true);
        }
      }),
    );
  });

  test('the two kinds of write sum to the larger of the total and the breakdown', () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(), fc.nat(), (total, fiveMinutes, oneHour) => {
        const usage = parseAnthropicUsage({
          cache_creation_input_tokens: total,
          cache_creation: {
            ephemeral_5m_input_tokens: fiveMinutes,
            ephemeral_1h_input_tokens: oneHour,
          },
        })?.usage;
        expect(usage?.cacheWrite1hTokens).toBe(oneHour);
        expect((usage?.cacheWrite5mTokens ?? 0) + (usage?.cacheWrite1hTokens ?? 0)).toBe(
          Math.max(total, fiveMinutes + oneHour),
        );
      }),
    );
  });

  test('passes, where there are any, sum to the whole', () => {
    const pass = fc.record({ input_tokens: fc.nat(), output_tokens: fc.nat() });
    fc.assert(
      fc.property(fc.array(pass, { minLength: 2, maxLength: 5 }), (iterations) => {
        const sum = (field: 'input_tokens' | 'output_tokens') =>
          iterations.reduce((total, entry) => total + entry[field], 0);
        const parsed = parseAnthropicUsage({
          input_tokens: sum('input_tokens'),
          output_tokens: sum('output_tokens'),
          iterations,
        });
        expect(parsed?.iterations).toHaveLength(iterations.length);
      }),
    );
  });
});
