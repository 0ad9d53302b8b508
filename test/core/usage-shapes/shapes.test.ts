import { describe, expect, test } from 'vitest';
import { parseUsage } from '../../../src/core/usage-shapes/parse.ts';
import { NO_USAGE, type Usage } from '../../../src/core/usage/usage.ts';
import { AGENT_SAMPLES, SAMPLES } from './samples.ts';

describe('each shape', () => {
  test.each([...SAMPLES, ...AGENT_SAMPLES])('$name', (sample) => {
    const parsed = parseUsage(sample.response);
    expect(parsed?.usage).toStrictEqual({ ...NO_USAGE, ...sample.usage });
    expect(parsed?.providerHint).toBe(sample.provider);
    expect(parsed?.chargedNanoUsd).toBe(sample.chargedNanoUsd ?? null);
    expect(parsed?.modifiers.serviceTier).toBe(sample.serviceTier ?? null);
    expect(parsed?.isSuspicious).toBe(false);
    expect(parsed?.isEstimated).toBe(false);
  });

  test.each(SAMPLES.filter(({ response }) => 'usage' in response))(
    '$name: the usage object alone has the same counts',
    (sample) => {
      expect(parseUsage(sample.response['usage'])?.usage).toStrictEqual({
        ...NO_USAGE,
        ...sample.usage,
      });
    },
  );
});

describe('no request', () => {
  const counts = { input_tokens: 2700, output_tokens: 77, total_tokens: 2777 };
  test.each<[string, unknown]>([
    [
      "Claude Code's modelUsage",
      {
        inputTokens: 5,
        outputTokens: 6,
        cacheReadInputTokens: 7,
        cacheCreationInputTokens: 8,
        webSearchRequests: 0,
        costUSD: 0.5,
      },
    ],
    ["Codex's counter without a delta", { payload: { info: { total_token_usage: counts } } }],
    [
      'a token_count before the first request',
      { type: 'event_msg', payload: { type: 'token_count', info: null } },
    ],
    ['totals alone', { usage: { total_tokens: 5 } }],
    ['an Ollama chunk before the last', { model: 'llama3.2', response: 'Hel', done: false }],
    ['counts of something else', { input: 5, output: 6 }],
    ['null', null],
    ['a number', 7],
    ['a list', [{ prompt_tokens: 5 }]],
    ['an empty object', {}],
    ['usage that is none', { usage: 'much' }],
    ['usage that is null', { usage: null }],
  ])('%s', (_, raw) => {
    expect(parseUsage(raw)).toBeNull();
  });
});

describe('whose cache counts are whose', () => {
  const shared = { input_tokens: 100, output_tokens: 10 };
  test.each<[string, object, Partial<Usage>]>([
    [
      'details: inside the input',
      { ...shared, input_tokens_details: { cached_tokens: 80 } },
      { inputTokens: 20, cacheReadTokens: 80 },
    ],
    [
      "Anthropic's names: outside, also where a gateway adds a total",
      { ...shared, cache_read_input_tokens: 80, total_tokens: 190 },
      { inputTokens: 100, cacheReadTokens: 80 },
    ],
    ['neither: it does not matter', { ...shared, total_tokens: 110 }, { inputTokens: 100 }],
    ['nulls are not given', { ...shared, cache_read_input_tokens: null }, { inputTokens: 100 }],
  ])('%s', (_, raw, expected) => {
    const parsed = parseUsage(raw);
    expect(parsed?.usage).toStrictEqual({ ...NO_USAGE, outputTokens: 10, ...expected });
    expect(parsed?.isSuspicious).toBe(false);
  });
});

describe('counts that contradict each other', () => {
  const chat = (prompt: number, read: number, write = 0) => ({
    prompt_tokens: prompt,
    completion_tokens: 10,
    prompt_tokens_details: { cached_tokens: read, cache_write_tokens: write },
  });
  test.each<[string, object, Partial<Usage>]>([
    [
      'more read than there was input: the cache is outside',
      chat(100, 150),
      { inputTokens: 100, cacheReadTokens: 150, outputTokens: 10 },
    ],
    [
      'more read and written than there was input: no fresh input',
      chat(100, 80, 50),
      { inputTokens: 0, cacheReadTokens: 80, cacheWrite5mTokens: 50, outputTokens: 10 },
    ],
    [
      'more reasoning than output, and a total that has it inside',
      {
        prompt_tokens: 100,
        completion_tokens: 10,
        total_tokens: 110,
        completion_tokens_details: { reasoning_tokens: 30 },
      },
      { inputTokens: 100, outputTokens: 30 },
    ],
  ])('%s', (_, raw, expected) => {
    const parsed = parseUsage(raw);
    expect(parsed?.usage).toStrictEqual({ ...NO_USAGE, ...expected });
    expect(parsed?.isSuspicious).toBe(true);
  });
});

describe('reasoning', () => {
  const chat = (output: number, reasoning: number, total?: number) => ({
    prompt_tokens: 100,
    completion_tokens: output,
    total_tokens: total,
    completion_tokens_details: { reasoning_tokens: reasoning },
  });
  const gemini = (total?: number) => ({
    promptTokenCount: 100,
    candidatesTokenCount: 50,
    thoughtsTokenCount: 20,
    totalTokenCount: total,
  });
  test.each<[string, object, number]>([
    ['a total says inside', chat(50, 20, 150), 50],
    ['a total says outside', chat(50, 20, 170), 70],
    ['no total: inside', chat(50, 20), 50],
    ['no total, more than the output: outside', chat(9, 94), 103],
    ['a total that fits neither: by the shape', chat(50, 20, 160), 50],
    ['Gemini, a total says outside', gemini(170), 70],
    ['Gemini, a total says inside', gemini(150), 50],
    ['Gemini, no total: outside', gemini(), 70],
    ['Gemini, a total that fits neither: outside', gemini(1), 70],
  ])('%s', (_, raw, output) => {
    expect(parseUsage(raw)?.usage.outputTokens).toBe(output);
  });
});

describe('values that are no counts', () => {
  test.each<[string, object]>([
    ['texts that are no whole number', { prompt_tokens_details: { cached_tokens: '80.5' } }],
    ['negative numbers', { prompt_tokens_details: { cached_tokens: -80 } }],
    ['fractions', { prompt_tokens_details: { cached_tokens: 0.5 } }],
    ['numbers beyond 2^53', { prompt_tokens_details: { cached_tokens: 2 ** 53 } }],
    ['nulls', { prompt_tokens_details: null, completion_tokens_details: null }],
    ['lists', { prompt_tokens_details: [80], completion_tokens_details: [4] }],
  ])('%s are zero', (_, extra) => {
    const parsed = parseUsage({ prompt_tokens: 100, completion_tokens: 10, ...extra });
    expect(parsed?.usage).toStrictEqual({ ...NO_USAGE, inputTokens: 100, outputTokens: 10 });
  });

  test('whole numbers written as text count', () => {
    const details = { prompt_tokens_details: { cached_tokens: '80' } };
    const parsed = parseUsage({ prompt_tokens: '100', completion_tokens: '10.0', ...details });
    const counts = { inputTokens: 20, cacheReadTokens: 80, outputTokens: 10 };
    expect(parsed?.usage).toStrictEqual({ ...NO_USAGE, ...counts });
  });

  test('sums stay safe integers', () => {
    const huge = Number.MAX_SAFE_INTEGER;
    const parsed = parseUsage({
      promptTokenCount: huge,
      toolUsePromptTokenCount: huge,
      candidatesTokenCount: huge,
      thoughtsTokenCount: huge,
    });
    expect(parsed?.usage).toStrictEqual({ ...NO_USAGE, inputTokens: huge, outputTokens: huge });
  });
});

describe('what the provider charged', () => {
  const charged = (usage: object) =>
    parseUsage({ prompt_tokens: 1, completion_tokens: 1, ...usage })?.chargedNanoUsd;
  test.each<[string, unknown, number | null]>([
    ['dollars', 0.95, 950_000_000],
    ['a number with an exponent', 1.845e-5, 18_450],
    ['a third of a nano-dollar', 3.3e-10, 0],
    ['half a nano-dollar goes to the even side', 2.5e-9, 2],
    ['and up where that is even', 3.5e-9, 4],
    ['all seventeen digits', 0.12345678950000001, 123_456_790],
    ['nothing', 0, 0],
    ['a text', '0.25', 250_000_000],
    ['a negative number', -1, null],
    ['no number', 'free', null],
    ['too large a number', 1e30, null],
    ['an object', { total: 1 }, null],
    ['null', null, null],
  ])('%s', (_, cost, nanoUsd) => {
    expect(charged({ cost })).toBe(nanoUsd);
  });

  test('with the own key, and what the provider behind it charged unknown: unknown', () => {
    expect(charged({ cost: 0, is_byok: true })).toBeNull();
    expect(charged({ cost: 0, is_byok: true, cost_details: null })).toBeNull();
  });

  test('a charge in the shape of Anthropic', () => {
    const parsed = parseUsage({ input_tokens: 1, cache_read_input_tokens: 2, cost: 0.5 });
    expect(parsed?.chargedNanoUsd).toBe(500_000_000);
    expect(parsed?.providerHint).toBe('openrouter');
  });
});

test.each<[string, object, Partial<Usage>]>([
  [
    'OpenAI: the parts of a write beyond its total',
    {
      input_tokens: 100,
      output_tokens: 1,
      input_tokens_details: {
        cached_tokens: 0,
        cache_write_tokens: 10,
        cache_write_tokens_details: { ttl_30m_tokens: 30, ttl_12h_tokens: 20 },
      },
    },
    { inputTokens: 50, outputTokens: 1, cacheWrite5mTokens: 30, cacheWrite1hTokens: 20 },
  ],
  [
    'Bedrock: the parts of a write beyond its total',
    {
      inputTokens: 5,
      outputTokens: 1,
      cacheWriteInputTokens: 10,
      cacheDetails: [
        { ttl: '5m', inputTokens: 30 },
        { ttl: '1h', inputTokens: 20 },
      ],
    },
    { inputTokens: 5, outputTokens: 1, cacheWrite5mTokens: 30, cacheWrite1hTokens: 20 },
  ],
  [
    'Bedrock: the total of a write beyond its parts',
    {
      inputTokens: 5,
      outputTokens: 1,
      cacheWriteInputTokens: 70,
      cacheDetails: [{ ttl: '1h', inputTokens: 20 }],
    },
    { inputTokens: 5, outputTokens: 1, cacheWrite5mTokens: 50, cacheWrite1hTokens: 20 },
  ],
])('%s counts', (_, raw, usage) => {
  expect(parseUsage(raw)?.usage).toStrictEqual({ ...NO_USAGE, ...usage });
});
