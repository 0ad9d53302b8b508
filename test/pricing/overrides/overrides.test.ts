import { describe, expect, test } from 'vitest';
import {
  environmentOverrides,
  priceVariables,
} from '../../../src/pricing/overrides/environment.ts';
import { parsePriceFile } from '../../../src/pricing/overrides/file.ts';
import { withOverrides } from '../../../src/pricing/overrides/merge.ts';
import { lookupPrice } from '../../../src/pricing/cost.ts';
import type { PriceTable } from '../../../src/pricing/price-table.ts';
import { builtinPrices } from '../../../src/pricing/builtin/table.ts';

const NOW = Date.UTC(2026, 10, 21);

function withEnvironment(env: Record<string, string>): { prices: PriceTable; warnings: string[] } {
  const table = builtinPrices();
  return withOverrides(table, environmentOverrides(env, priceVariables(env), table));
}

function withFile(content: unknown): { prices: PriceTable; warnings: string[] } {
  const text = typeof content === 'string' ? content : JSON.stringify(content);
  return withOverrides(builtinPrices(), parsePriceFile(text, 'prices.json'));
}

/** USD per million tokens: input, output, 5-minute write, 1-hour write, cache read. */
function usd(prices: PriceTable, model: string, atMs = NOW): number[] {
  const { row } = lookupPrice(prices, model, atMs);
  if (row === null) return [];
  const { input, output, cacheWrite5m, cacheWrite1h, cacheRead } = row;
  return [input, output, cacheWrite5m, cacheWrite1h, cacheRead].map((rate) => rate / 1e9);
}

describe('prices of the environment', () => {
  test.each([
    ['a family', { COST_PRICING_OPUS_INPUT: '7' }, 'claude-opus-4-8', [7, 25, 6.25, 10, 0.5]],
    [
      'its other models too',
      { COST_PRICING_OPUS_OUTPUT: '1' },
      'claude-3-opus',
      [15, 1, 18.75, 30, 1.5],
    ],
    ['no other family', { COST_PRICING_OPUS_INPUT: '7' }, 'claude-sonnet-5', [2, 10, 2.5, 4, 0.2]],
    [
      'every kind',
      {
        COST_PRICING_HAIKU_INPUT: '1',
        COST_PRICING_HAIKU_OUTPUT: '2',
        COST_PRICING_HAIKU_CACHE_READ: '.5',
        COST_PRICING_HAIKU_CACHE_WRITE: '3',
        COST_PRICING_HAIKU_CACHE_WRITE_1H: '4',
      },
      'claude-haiku-4-5',
      [1, 2, 3, 4, 0.5],
    ],
    [
      "a model's own before its family's",
      { COST_PRICING_OPUS_INPUT: '7', COST_PRICING_CLAUDE_OPUS_5_5_INPUT: '8' },
      'claude-opus-5-5',
      [8, 20, 5, 8, 0.2],
    ],
    ["another provider's", { COST_PRICING_GPT_4O_INPUT: '9' }, 'gpt-4o', [9, 10, 2.5, 2.5, 1.25]],
    [
      'under all its names',
      { COST_PRICING_GPT_4O_INPUT: '9' },
      'openai/gpt-4o-2024-08-06',
      [9, 10, 2.5, 2.5, 1.25],
    ],
    [
      'a model that no table has',
      { COST_PRICING_CLAUDE_ZEPHYR_9_INPUT: '4', COST_PRICING_CLAUDE_ZEPHYR_9_OUTPUT: '8' },
      'claude-zephyr-9',
      [4, 8, 5, 8, 4],
    ],
    [
      'a model that the API no longer serves',
      { COST_PRICING_CLAUDE_OPUS_4_1_INPUT: '11' },
      'claude-opus-4-1',
      [11, 75, 18.75, 30, 1.5],
    ],
  ])('%s', (_, env, model, expected) => {
    const { prices, warnings } = withEnvironment(env);
    expect(warnings).toEqual([]);
    expect(usd(prices, model)).toEqual(expected);
    expect(lookupPrice(prices, model, NOW).basis).not.toBe('fallback');
  });

  test.each([
    [{ COST_PRICING_OPUS_INPUT: 'abc' }, ['COST_PRICING_OPUS_INPUT', '"abc"']],
    [{ COST_PRICING_OPUS_INPUT: '-1' }, ['COST_PRICING_OPUS_INPUT', '"-1"']],
    [{ COST_PRICING_OPUS_INPUT: 'Infinity' }, ['COST_PRICING_OPUS_INPUT', '"Infinity"']],
    [{ COST_PRICING_OPUS_PRICE: '1' }, ['COST_PRICING_OPUS_PRICE', '"1"']],
    [{ COST_PRICING_INPUT: '1' }, ['COST_PRICING_INPUT', '"1"']],
  ])('%o is one warning, and the rest counts', (malformed, names) => {
    const { prices, warnings } = withEnvironment({
      ...(malformed as Record<string, string>),
      COST_PRICING_OPUS_OUTPUT: '9',
    });
    expect(warnings).toHaveLength(1);
    for (const name of names) expect(warnings[0]).toContain(name);
    expect(usd(prices, 'claude-opus-4-8')).toEqual([5, 9, 6.25, 10, 0.5]);
  });

  test('an empty variable is none', () => {
    expect(priceVariables({ COST_PRICING_OPUS_INPUT: '', PATH: '/bin' })).toEqual([]);
  });
});

describe('a price file', () => {
  test('in our schema', () => {
    const { prices, warnings } = withFile({
      models: {
        'claude-zephyr-9': { input: 3, output: '15', cacheRead: 0.3, fast: 2, family: 'zephyr' },
        'claude-opus-4-8': { output: 30 },
      },
    });
    expect(warnings).toEqual([]);
    expect(usd(prices, 'claude-zephyr-9')).toEqual([3, 15, 3.75, 6, 0.3]);
    expect(lookupPrice(prices, 'us.anthropic.claude-zephyr-9-v1:0', NOW)).toMatchObject({
      basis: 'exact',
      row: { fastMultiplier: { num: 2, den: 1 } },
    });
    expect(usd(prices, 'zephyr')).toEqual([3, 15, 3.75, 6, 0.3]);
    expect(usd(prices, 'claude-opus-4-8')).toEqual([5, 30, 6.25, 10, 0.5]);
  });

  test('from a day on', () => {
    const { prices } = withFile({
      models: {
        'claude-opus-4-8': [
          { input: 6, from: '2026-09-01' },
          { input: 7, from: '2026-10-01' },
        ],
      },
    });
    const at = (month: number): number | undefined =>
      usd(prices, 'claude-opus-4-8', Date.UTC(2026, month - 1, 15))[0];
    expect([8, 9, 10].map(at)).toEqual([5, 6, 7]);
  });

  test("in LiteLLM's", () => {
    const { prices, warnings } = withFile({
      sample_spec: { input_cost_per_token: 'USD per token', mode: 'one of ...' },
      'claude-zephyr-9': {
        input_cost_per_token: 3e-6,
        output_cost_per_token: 1.5e-5,
        cache_read_input_token_cost: 3.0000000000000004e-7,
        cache_creation_input_token_cost: 3.75e-6,
        cache_creation_input_token_cost_above_1hr: 6e-6,
        input_cost_per_token_above_200k_tokens: 6e-6,
        output_cost_per_token_above_200k_tokens: 2.25e-5,
        litellm_provider: 'anthropic',
        mode: 'chat',
        max_tokens: 8192,
      },
      'openrouter/acme/claude-zephyr-9': { input_cost_per_token: 1, output_cost_per_token: 1 },
      'dall-e-9': { mode: 'image_generation', input_cost_per_pixel: 1e-8 },
    });
    expect(warnings).toEqual([]);
    expect(usd(prices, 'claude-zephyr-9')).toEqual([3, 15, 3.75, 6, 0.3]);
    const { row } = lookupPrice(prices, 'claude-zephyr-9', NOW);
    expect(row?.longPrompt).toMatchObject({
      abovePromptTokens: 200_000,
      input: 6e9,
      output: 22.5e9,
    });
  });

  test.each([
    ['a negative price', { input: -1 }, ['claude-opus-4-8.input', '-1']],
    ['a text', { input: 'five' }, ['claude-opus-4-8.input', '"five"']],
    ['an object', { input: {} }, ['claude-opus-4-8.input', '{}']],
    ['a day', { input: 5, from: 'soon' }, ['claude-opus-4-8.from', '"soon"']],
    ['a multiplier', { input: 5, fast: 'x' }, ['claude-opus-4-8.fast', '"x"']],
    ['a tier', { input: 5, long: { above: 'x' } }, ['claude-opus-4-8.long.above', '"x"']],
    ['a price per token', { input_cost_per_token: -1e-6 }, ['input_cost_per_token', '-0.000001']],
  ])('%s: one warning with file, key and value; the rest counts', (_, entry, names) => {
    const { prices, warnings } = withFile({
      models: { 'claude-opus-4-8': { output: 9, ...entry }, 'claude-opus-5': { output: 8 } },
    });
    expect(warnings).toHaveLength(1);
    for (const name of ['prices.json', ...names]) expect(warnings[0]).toContain(name);
    expect(usd(prices, 'claude-opus-4-8')).toEqual([5, 9, 6.25, 10, 0.5]);
    expect(usd(prices, 'claude-opus-5')).toEqual([5, 8, 6.25, 10, 0.5]);
  });

  test.each([['no JSON'], ['[]'], ['{"models": 3}'], ['{"a": 3}'], ['{"a": {"input": 1}}']])(
    '%s: one warning, and every price stays',
    (text) => {
      const { prices, warnings } = withFile(text);
      expect(warnings).toHaveLength(1);
      expect(usd(prices, 'claude-opus-4-8')).toEqual([5, 25, 6.25, 10, 0.5]);
    },
  );

  test('the environment beats it', () => {
    const file = withFile({ models: { 'claude-opus-4-8': { input: 6, output: 26 } } }).prices;
    const env = { COST_PRICING_OPUS_INPUT: '7' };
    const { prices } = withOverrides(file, environmentOverrides(env, priceVariables(env), file));
    expect(usd(prices, 'claude-opus-4-8')).toEqual([7, 26, 6.25, 10, 0.5]);
  });
});

test('a table that was fetched says nothing against prices that were read later', () => {
  const layer = { layer: 'updated', source: 'x', sourceDate: '2026-01-01' } as const;
  const old = parsePriceFile('{"claude-opus-4-8": {"input": 1, "output": 1}}', 'p', layer);
  expect(usd(withOverrides(builtinPrices(), old).prices, 'claude-opus-4-8')[0]).toBe(5);
  const fresh = parsePriceFile('{"claude-opus-4-8": {"input": 1, "output": 1}}', 'p', {
    ...layer,
    sourceDate: '2099-01-01',
  });
  expect(usd(withOverrides(builtinPrices(), fresh).prices, 'claude-opus-4-8')[0]).toBe(1);
});
