import { describe, expect, test } from 'vitest';
import { canonicalModel, classifyModel, parseProvider } from '../../src/core/model/model-name.ts';
import { lookupPrice } from '../../src/pricing/cost.ts';
import { nameCandidates } from '../../src/core/model/provider-names.ts';
import { builtinPrices } from '../../src/pricing/builtin/table.ts';
import { fc } from '../helpers/fast-check.ts';

const table = builtinPrices();
const NOW = Date.parse('2026-11-20T12:00:00Z');

function found(name: string, provider: string | null = null): (string | undefined)[] {
  const { row, basis, model } = lookupPrice(table, name, NOW, 'none', { provider });
  return [row?.id, basis, model];
}

describe('a name prices its own model', () => {
  test.each([
    // dates and builds
    ['gpt-4o-2024-11-20', 'openai/gpt-4o', 'exact', 'gpt-4o'],
    ['gpt-4o-2024-05-13', 'openai/gpt-4o-2024-05-13', 'exact', 'gpt-4o'],
    ['gemini-1.5-pro-002', 'google/gemini-1.5-pro', 'exact', 'gemini-1.5-pro'],
    ['gemini-2.5-pro-preview-05-06', 'google/gemini-2.5-pro', 'exact', 'gemini-2.5-pro'],
    ['gemini-2.5-pro-exp-03-25', 'google/gemini-2.5-pro', 'exact', 'gemini-2.5-pro'],
    ['grok-4-0709', 'xai/grok-4', 'exact', 'grok-4'],
    ['grok-4.3-20260101', 'xai/grok-4.3', 'exact', 'grok-4.3'],
    ['chatgpt-4o-latest', 'openai/chatgpt-4o-latest', 'exact', 'chatgpt-4o'],
    // clouds, routers, gateways
    ['azure/gpt-4o', 'openai/gpt-4o', 'exact', 'gpt-4o'],
    ['gpt-35-turbo', 'openai/gpt-3.5-turbo', 'alias', 'gpt-3.5-turbo'],
    ['openai/gpt-4o', 'openai/gpt-4o', 'exact', 'gpt-4o'],
    ['openrouter/openai/gpt-4o:beta', 'openai/gpt-4o', 'exact', 'gpt-4o'],
    ['google/gemini-flash-1.5', 'google/gemini-1.5-flash', 'alias', 'gemini-1.5-flash'],
    ['x-ai/grok-4', 'xai/grok-4', 'exact', 'grok-4'],
    ['vertex_ai/gemini-1.5-pro-001', 'google/gemini-1.5-pro', 'exact', 'gemini-1.5-pro'],
    [
      'publishers/google/models/gemini-2.5-flash@default',
      'google/gemini-2.5-flash',
      'exact',
      'gemini-2.5-flash',
    ],
    ['mistral-large@2411', 'mistral/mistral-large', 'alias', 'mistral-large'],
    ['openai.gpt-oss-120b-1:0', 'groq/gpt-oss-120b', 'alias', 'gpt-oss-120b'],
    ['gpt-5-4-mini', 'openai/gpt-5.4-mini', 'alias', 'gpt-5.4-mini'],
    ['gpt-5-4-mini-2026-03-17', 'openai/gpt-5.4-mini', 'alias', 'gpt-5.4-mini'],
    ['gemini-2-5-pro', 'google/gemini-2.5-pro', 'alias', 'gemini-2.5-pro'],
    [
      'anthropic/claude-3.7-sonnet:thinking',
      'claude-3-7-sonnet@2025-02-24',
      'exact',
      'claude-3-7-sonnet',
    ],
    // never a neighbour
    ['gpt-4', 'openai/gpt-4', 'exact', 'gpt-4'],
    ['gpt-4.1', 'openai/gpt-4.1', 'exact', 'gpt-4.1'],
    ['gpt-4-turbo', 'openai/gpt-4-turbo', 'exact', 'gpt-4-turbo'],
    ['gpt-4-1106-preview', 'openai/gpt-4-turbo', 'alias', 'gpt-4-turbo'],
    ['o1', 'openai/o1', 'exact', 'o1'],
    ['o1-mini', 'openai/o1-mini', 'exact', 'o1-mini'],
    ['o1-preview', 'openai/o1-preview', 'exact', 'o1-preview'],
    ['gemini-1.5-flash-8b', 'google/gemini-1.5-flash-8b', 'exact', 'gemini-1.5-flash-8b'],
    ['grok-3-mini-fast', 'xai/grok-3-mini-fast', 'exact', 'grok-3-mini-fast'],
    ['claude-sonnet-5', 'claude-sonnet-5@2026-06-30', 'exact', 'claude-sonnet-5'],
    ['claude-sonnet-5-5', 'claude-sonnet-5-5@2026-10-07', 'exact', 'claude-sonnet-5-5'],
  ])('%s: %s', (name, id, basis, model) => {
    expect(found(name)).toStrictEqual([id, basis, model]);
  });

  test.each([
    'gpt-4-64k',
    'gpt-4-audio',
    'gpt-4.2',
    'gpt-5.9',
    'gpt-4o-audio-preview',
    'gpt-45',
    'o1-nano',
    'gemini-1.5',
    'gemini-1.5-pro-8b',
    'gemini-9-pro',
    // Another year and month is another Mistral.
    'mistral-large-2302',
    'gpt-oss:120b-cloud',
    '-latest',
    '@openai',
    'gpt-4,gpt-4o',
    'a2.5',
    '',
  ])('%s is unknown', (name) => {
    expect(found(name).slice(0, 2)).toStrictEqual([undefined, 'fallback']);
  });
});

/** Models of other makers that Claude Code is pointed at: input, output, cache read. */
describe('a popular model has its list price', () => {
  test.each([
    ['glm-4.5-air', 0.2, 1.1, 0.03],
    ['glm-4.6', 0.6, 2.2, 0.11],
    ['glm-4.7', 0.6, 2.2, 0.11],
    ['glm-5', 1, 3.2, 0.2],
    ['GLM-5.1', 1.4, 4.4, 0.26],
    ['zai-org/GLM-5.1', 1.4, 4.4, 0.26],
    ['glm-5.3', 1.4, 4.4, 0.26],
    ['kimi-k2-0905-preview', 0.6, 2.5, 0.15],
    ['kimi-k2-thinking', 0.6, 2.5, 0.15],
    ['kimi-k2.5', 0.6, 3, 0.1],
    ['moonshotai/Kimi-K2.5', 0.6, 3, 0.1],
    ['kimi-k3', 3, 15, 0.3],
    ['MiniMax-M2', 0.3, 1.2, 0.03],
    ['MiniMax-M2.7', 0.3, 1.2, 0.06],
    ['minimax/minimax-m2.7', 0.3, 1.2, 0.06],
    ['MiniMax-M3', 0.3, 1.2, 0.06],
    ['qwen3-coder-plus', 0.65, 3.25, 0.13],
    ['qwen/qwen3.6-plus', 0.5, 3, 0.05],
    ['mimo-v2.5-pro', 0.435, 0.87, 0.003625],
    ['xiaomi/mimo-v2.6-pro', 0.435, 0.87, 0.0036],
    ['fireworks/accounts/fireworks/models/glm-5p1', 1.4, 4.4, 0.26],
    ['databricks-gpt-5-4', 2.5, 15, 0.25],
    ['openai--gpt-5.5', 5, 30, 0.5],
    ['gpt-5.5-xhigh', 5, 30, 0.5],
    ['glm-5.1-high', 1.4, 4.4, 0.26],
  ])('%s', (name, input, output, cacheRead) => {
    const { row, basis } = lookupPrice(table, name, NOW, 'opus');
    expect([row?.input, row?.output, row?.cacheRead]).toStrictEqual(
      [input, output, cacheRead].map((usd) => Math.round(usd * 1e9)),
    );
    expect(['exact', 'alias']).toContain(basis);
  });

  test.each([
    ['openrouter/z-ai/glm-5', 'openrouter/glm-5@2026-11-10'],
    ['openrouter/z-ai/glm-5.1', 'openrouter/glm-5.1@2026-11-10'],
    ['huggingface/zai-org/GLM-4.6', 'huggingface/glm-4.6'],
    ['minimax.minimax-m2', 'minimax/minimax-m2'],
  ])('%s has the price of who serves it: %s', (name, id) => {
    expect(found(name)[0]).toBe(id);
  });
});

describe('what costs nothing', () => {
  test.each([
    ['ollama/llama3', 'ollama'],
    ['ollama_chat/qwen3:8b', 'ollama_chat'],
    ['lmstudio/some-model', 'lmstudio'],
    ['llama3.2:3b', 'ollama'],
    ['deepseek-r1:7b-qwen-distill-q4_K_M', 'ollama'],
    ['mixtral:8x7b', 'ollama'],
    ['mistral:latest', 'ollama'],
    ['phi3:mini', 'ollama'],
  ])('%s runs locally', (name, provider) => {
    const { row, basis } = lookupPrice(table, name, NOW, 'opus');
    expect([row?.id, row?.input, row?.output, basis]).toStrictEqual(['local', 0, 0, 'exact']);
    expect(parseProvider(name)).toBe(provider);
  });

  test('a local provider’s word goes before any list', () => {
    expect(found('gpt-oss-120b', 'ollama')[0]).toBe('local');
    expect(found('gemma-7b-it', 'lmstudio')[0]).toBe('local');
  });

  test('a router’s free variant', () => {
    expect(found('openrouter/google/gemini-2.5-pro:free').slice(0, 2)).toStrictEqual([
      'free-variant',
      'exact',
    ]);
  });

  test('the free tier, where the user says so, on the vendor’s own API', () => {
    const freeTier = new Set(['google']);
    const id = (name: string, provider: string | null = null) =>
      lookupPrice(table, name, NOW, 'opus', { freeTier, provider }).row?.id;
    expect(id('gemini-1.5-pro')).toBe('free-tier:google');
    expect(id('gemini-99')).toBe('free-tier:google');
    expect(id('gpt-4o')).toBe('openai/gpt-4o');
    expect(id('vertex_ai/gemini-1.5-pro')).toBe('google/gemini-1.5-pro');
    expect(id('gemini-1.5-pro', 'openrouter')).toBe('google/gemini-1.5-pro');
    const policy = { fallback: 'opus', freeTier } as const;
    expect(lookupPrice({ ...table, policy }, 'gemini-pro', NOW).row?.input).toBe(0);
  });
});

test.each([
  ['groq/llama-3.3-70b-versatile', 'groq'],
  ['azure/gpt-4o', 'azure'],
  ['ft:gpt-4o-mini-2024-07-18:org::id', 'openai'],
  ['davinci', 'openai'],
  ['devstral-2512', 'mistral'],
  ['open-mistral-7b', 'mistral'],
  ['gemma-4-31b-it', 'google'],
  ['llama3.2:3b', 'ollama'],
  ['openai.gpt-oss-120b-1:0', 'bedrock'],
])('%s is billed by %s', (name, provider) => {
  expect(parseProvider(name)).toBe(provider);
});

test.each([
  ['gpt-5.3-codex', 'coding'],
  ['codestral-2508', 'coding'],
  ['grok-code-fast-1', 'coding'],
  ['grok-4-fast-reasoning', 'reasoning'],
  ['grok-4-fast-non-reasoning', 'fast'],
  ['deepseek-reasoner', 'reasoning'],
  ['o4-mini', 'reasoning'],
  ['gpt-4.1-nano', 'fast'],
  ['mistral-embed', 'embedding'],
  ['llama3.2:3b', 'local'],
] as const)('%s is a %s model', (model, modelClass) => {
  expect(classifyModel(model)).toBe(modelClass);
});

test('dates and variants group with their model', () => {
  expect(canonicalModel('gpt-4o-2024-08-06')).toBe('gpt-4o');
  expect(canonicalModel('openrouter/google/gemini-2.5-pro:free')).toBe('gemini-2.5-pro');
  expect(canonicalModel('llama3.2:3b')).toBe('llama3.2:3b');
});

test('candidates are few, and quick on any name', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (raw) => {
      const names = nameCandidates(raw).map(({ name }) => name);
      expect(names.length).toBeLessThan(16);
      expect(new Set(names).size).toBe(names.length);
    }),
  );
  for (const hostile of [
    '-2024-01-01'.repeat(1e4),
    ':'.repeat(1e5),
    '@'.repeat(1e5),
    'a/'.repeat(1e5),
  ]) {
    // Quadratic time would take longer than a test may.
    expect(lookupPrice(table, hostile, NOW, 'none')).toMatchObject({ row: null });
  }
});
