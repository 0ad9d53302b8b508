import { describe, expect, test } from 'vitest';
import type { LookupHints } from '../../src/pricing/lookup.ts';
import { lookupPrice } from '../../src/pricing/cost.ts';
import { builtinPrices } from '../../src/pricing/builtin/table.ts';

const table = builtinPrices();

/** Input, output, cache read and cache write in USD per million, of a name on a day. */
function usdOf(name: string, at: string, hints?: LookupHints): number[] {
  const { row } = lookupPrice(table, name, Date.parse(at), 'none', hints);
  if (row === null) return [];
  const { input, output, cacheRead, cacheWrite5m, cacheWrite1h } = row;
  expect(cacheWrite1h).toBe(cacheWrite5m);
  return [input, output, cacheRead, cacheWrite5m].map((price) => price / 1e9);
}

const NOW = '2026-11-20T12:00:00Z';

describe.each<[string, [string, string, number[]][]]>([
  [
    'openai',
    [
      ['gpt-4', NOW, [30, 60, 30, 30]],
      ['gpt-4-0613', NOW, [30, 60, 30, 30]],
      ['gpt-4-32k', NOW, [60, 120, 60, 60]],
      ['gpt-4-turbo', NOW, [10, 30, 10, 10]],
      ['gpt-4-turbo-2024-04-09', NOW, [10, 30, 10, 10]],
      ['gpt-3.5-turbo', NOW, [0.5, 1.5, 0.5, 0.5]],
      ['gpt-3.5-turbo-1106', NOW, [1, 2, 1, 1]],
      ['gpt-4o', NOW, [2.5, 10, 1.25, 2.5]],
      ['gpt-4o-2024-05-13', NOW, [5, 15, 5, 5]],
      ['gpt-4o-2024-08-06', NOW, [2.5, 10, 1.25, 2.5]],
      ['gpt-4o-mini', NOW, [0.15, 0.6, 0.075, 0.15]],
      ['gpt-4.1', NOW, [2, 8, 0.5, 2]],
      ['o1', NOW, [15, 60, 7.5, 15]],
      ['o1-mini', NOW, [1.1, 4.4, 0.55, 1.1]],
      ['o3', '2025-06-09T23:59:59Z', [10, 40, 2.5, 10]],
      ['o3', '2025-06-10T00:00:00Z', [2, 8, 0.5, 2]],
      ['gpt-5.6-luna', '2026-07-29T00:00:00Z', [1, 6, 0.1, 1.25]],
      ['gpt-5.6-luna', '2026-07-30T00:00:00Z', [0.2, 1.2, 0.02, 0.25]],
      ['gpt-6.1-sol', NOW, [2, 10, 0.1, 2.5]],
      ['text-embedding-3-small', NOW, [0.02, 0, 0.02, 0.02]],
      ['text-embedding-3-large', NOW, [0.13, 0, 0.13, 0.13]],
      ['text-embedding-ada-002', NOW, [0.1, 0, 0.1, 0.1]],
      ['ft:gpt-4o-mini-2024-07-18:org::id', NOW, [0.3, 1.2, 0.3, 0.3]],
    ],
  ],
  [
    'google',
    [
      ['gemini-pro', NOW, [0.125, 0.375, 0.125, 0.125]],
      ['gemini-1.5-pro', NOW, [1.25, 5, 0.3125, 1.25]],
      ['gemini-1.5-pro-002', NOW, [1.25, 5, 0.3125, 1.25]],
      ['gemini-1.5-flash', NOW, [0.075, 0.3, 0.01875, 0.075]],
      ['gemini-1.5-flash-8b', NOW, [0.0375, 0.15, 0.01, 0.0375]],
      ['gemini-2.5-pro', NOW, [1.25, 10, 0.125, 1.25]],
      ['gemini-3.6-flash', '2026-12-31T23:59:59Z', [0.75, 3.75, 0.075, 0.75]],
      ['gemini-3.6-flash', '2027-01-01T00:00:00Z', [1.5, 7.5, 0.15, 1.5]],
    ],
  ],
  [
    'groq',
    [
      ['llama2-70b', NOW, [0.7, 0.8, 0.7, 0.7]],
      ['llama2-70b-4096', NOW, [0.7, 0.8, 0.7, 0.7]],
      ['groq/mixtral-8x7b', NOW, [0.24, 0.24, 0.24, 0.24]],
      ['mixtral-8x7b-32768', NOW, [0.24, 0.24, 0.24, 0.24]],
      ['gemma-7b-it', NOW, [0.07, 0.07, 0.07, 0.07]],
      ['groq/gemma-7b', NOW, [0.07, 0.07, 0.07, 0.07]],
      ['groq/openai/gpt-oss-safeguard-20b', NOW, [0.075, 0.3, 0.0375, 0.075]],
    ],
  ],
  [
    'mistral',
    [
      ['mixtral-8x7b', NOW, [0.7, 0.7, 0.7, 0.7]],
      ['mistral-large-2411', NOW, [2, 6, 2, 2]],
      ['mistral-large-latest', '2025-12-01T00:00:00Z', [2, 6, 2, 2]],
      ['mistral-large-latest', '2025-12-02T00:00:00Z', [0.5, 1.5, 0.05, 0.5]],
      ['mistral-medium-3', NOW, [0.4, 2, 0.04, 0.4]],
      ['mistral-medium-3.5', NOW, [1.5, 7.5, 0.15, 1.5]],
      ['mistral-embed', NOW, [0.1, 0.1, 0.1, 0.1]],
    ],
  ],
  [
    'xai',
    [
      ['grok-4', NOW, [3, 15, 0.75, 3]],
      ['grok-4-0709', NOW, [3, 15, 0.75, 3]],
      ['grok-4.6', NOW, [2, 6, 0.5, 2]],
      ['grok-code-fast-1', NOW, [0.2, 1.5, 0.02, 0.2]],
    ],
  ],
  [
    'deepseek',
    [
      ['deepseek-chat', '2025-01-10T20:00:00Z', [0.27, 1.1, 0.07, 0.27]],
      ['deepseek-chat', '2025-05-10T12:00:00Z', [0.27, 1.1, 0.07, 0.27]],
      ['deepseek-chat', '2025-05-10T16:30:00Z', [0.135, 0.55, 0.035, 0.135]],
      ['deepseek-chat', '2025-05-10T00:29:59Z', [0.135, 0.55, 0.035, 0.135]],
      ['deepseek-chat', '2025-09-05T16:00:00Z', [0.56, 1.68, 0.07, 0.56]],
      ['deepseek-chat', NOW, [0.28, 0.42, 0.028, 0.28]],
      ['deepseek-v4-pro', '2026-08-16T02:00:00Z', [0.435, 0.87, 0.003625, 0.435]],
      // A Friday, then the Saturday before and after weekends became cheap.
      ['deepseek-v4-pro', '2026-11-20T02:00:00Z', [1.32, 3.96, 0.044, 1.32]],
      ['deepseek-v4-pro', '2026-11-20T05:00:00Z', [0.66, 1.98, 0.022, 0.66]],
      ['deepseek-v4-pro', '2026-08-22T02:00:00Z', [1.32, 3.96, 0.044, 1.32]],
      ['deepseek-v4-pro', '2026-11-21T02:00:00Z', [0.66, 1.98, 0.022, 0.66]],
      ['deepseek-v4-pro', '2026-11-22T02:00:00Z', [0.66, 1.98, 0.022, 0.66]],
      ['deepseek-v4-pro', '2026-11-23T02:00:00Z', [1.32, 3.96, 0.044, 1.32]],
    ],
  ],
])('%s', (_, cases) => {
  test.each(cases)('%s at %s', (name, at, usd) => {
    expect(usdOf(name, at)).toStrictEqual(usd);
  });
});

test.each([
  ['gemini-1.5-pro', 128_000, [2.5, 10, 0.625, 2.5]],
  ['gemini-2.5-pro', 200_000, [2.5, 15, 0.25, 2.5]],
  ['gpt-5.5', 271_999, [10, 45, 1, 10]],
  ['gpt-6-sol', 272_000, [4, 15, 0.4, 5]],
  ['grok-4.6', 199_999, [4, 12, 1, 4]],
])('a long prompt of %s is above %i', (name, above, usd) => {
  const { row } = lookupPrice(table, name, Date.parse(NOW), 'none');
  const long = row?.longPrompt;
  expect(long?.abovePromptTokens).toBe(above);
  const prices = [long?.input, long?.output, long?.cacheRead, long?.cacheWrite5m];
  expect(prices.map((price = Number.NaN) => price / 1e9)).toStrictEqual(usd);
});

test('one name on several lists: who served it decides', () => {
  expect(usdOf('mixtral-8x7b', NOW, { provider: 'groq' })[0]).toBe(0.24);
  expect(usdOf('mixtral-8x7b', NOW, { provider: 'mistral' })[0]).toBe(0.7);
  expect(usdOf('mixtral-8x7b', NOW, { provider: 'nobody-knows' })[0]).toBe(0.7);
  expect(usdOf('mixtral-8x7b', NOW, { provider: 'ollama' })).toStrictEqual([0, 0, 0, 0]);
});
