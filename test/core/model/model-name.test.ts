import { afterEach, describe, expect, test } from 'vitest';
import {
  bareModel,
  canonicalModel,
  classifyModel,
  parseProvider,
  useModelAliases,
} from '../../../src/core/model/model-name.ts';
import { builtinPrices } from '../../../src/pricing/builtin/table.ts';
import { fc, cheapRuns } from '../../helpers/fast-check.ts';

describe('canonicalModel', () => {
  test.each([
    // as they are
    ['claude-sonnet-5', 'claude-sonnet-5'],
    ['claude-sonnet-5-5', 'claude-sonnet-5-5'],
    ['claude-3-haiku', 'claude-3-haiku'],
    // case and space
    [' Claude-Opus-4-8 ', 'claude-opus-4-8'],
    // trailers
    ['claude-sonnet-4-5-20250929', 'claude-sonnet-4-5'],
    ['claude-opus-4-5@20251101', 'claude-opus-4-5'],
    ['claude-opus-4-6@default', 'claude-opus-4-6'],
    ['claude-3-5-haiku-latest', 'claude-3-5-haiku'],
    ['claude-opus-5-5[1m]', 'claude-opus-5-5'],
    ['claude-sonnet-4-20250514[1m]', 'claude-sonnet-4'],
    ['CLAUDE-FABLE-5-2[1M]', 'claude-fable-5-2'],
    ['claude-3-5-sonnet-v2@20241022', 'claude-3-5-sonnet'],
    ['claude-haiku-4-5-20251001-v1:0', 'claude-haiku-4-5'],
    ['claude-opus-4-8-v1', 'claude-opus-4-8'],
    // clouds and routers
    ['anthropic.claude-opus-4-1-20250805-v1:0', 'claude-opus-4-1'],
    ['eu.anthropic.claude-haiku-4-5-20251001-v1:0', 'claude-haiku-4-5'],
    ['us-gov.anthropic.claude-3-haiku-20240307-v1:0', 'claude-3-haiku'],
    ['apac.anthropic.claude-sonnet-4-20250514-v1:0', 'claude-sonnet-4'],
    ['global.anthropic.claude-opus-5-5', 'claude-opus-5-5'],
    [
      'arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.claude-sonnet-4-5-20250929-v1:0',
      'claude-sonnet-4-5',
    ],
    ['anthropic/claude-sonnet-4.5', 'claude-sonnet-4-5'],
    ['openrouter/anthropic/claude-haiku-4-5', 'claude-haiku-4-5'],
    ['vertex_ai/claude-opus-5', 'claude-opus-5'],
    // the first version of a generation
    ['claude-opus-4-0', 'claude-opus-4'],
    ['claude-sonnet-4-0', 'claude-sonnet-4'],
    ['claude-opus-4-20250514', 'claude-opus-4'],
    ['claude-opus-4@20250514', 'claude-opus-4'],
    ['claude-3-0-opus', 'claude-3-opus'],
    // word order
    ['claude-3-5-sonnet-20241022', 'claude-3-5-sonnet'],
    ['claude-sonnet-3-5', 'claude-3-5-sonnet'],
    ['claude-3.7-sonnet', 'claude-3-7-sonnet'],
    ['claude-sonnet-3.7', 'claude-3-7-sonnet'],
    ['claude-haiku-3', 'claude-3-haiku'],
    ['claude-4.5-sonnet', 'claude-sonnet-4-5'],
    ['claude-4-sonnet', 'claude-sonnet-4'],
    ['claude-4.5-sonnet-thinking', 'claude-sonnet-4-5'],
    // unknown
    ['claude-zephyr-9-20261101', 'claude-zephyr-9'],
    ['claude-instant-1.2', 'claude-instant-1-2'],
    ['claude-mythos-preview', 'claude-mythos-preview'],
    // others keep their dots and versions
    ['openai/gpt-5.5', 'gpt-5.5'],
    ['models/gemini-2.5-pro-latest', 'gemini-2.5-pro'],
    ['deepseek-v3', 'deepseek-v3'],
    ['amazon.nova-pro-v1:0', 'amazon.nova-pro-v1:0'],
    // nothing left
    ['', ''],
    ['/', '/'],
    ['-latest', '-latest'],
    ['anthropic.', 'anthropic.'],
    ['<synthetic>', '<synthetic>'],
  ])('%s is %s', (raw, canonical) => {
    expect(canonicalModel(raw)).toBe(canonical);
  });

  test.each([
    // what a gateway writes before the name
    ['databricks-claude-sonnet-4-5', 'claude-sonnet-4-5'],
    ['anthropic--claude-4.5-sonnet', 'claude-sonnet-4-5'],
    ['anthropic--claude-3-opus', 'claude-3-opus'],
    ['snowflake:claude-4-sonnet', 'claude-sonnet-4'],
    ['my_gateway_claude_opus_4_8', 'claude-opus-4-8'],
    ['Claude Sonnet 4.5', 'claude-sonnet-4-5'],
    ['corp.claude-haiku-5-5', 'claude-haiku-5-5'],
    ['sonnet-4.5', 'claude-sonnet-4-5'],
    ['gateway/opus-4-8', 'claude-opus-4-8'],
    ['4.5-sonnet', 'claude-sonnet-4-5'],
    // and after it
    ['claude-opus-4-8-high', 'claude-opus-4-8'],
    ['claude-opus-4-8-xhigh-thinking-fast', 'claude-opus-4-8'],
    ['claude-opus-5-fast', 'claude-opus-5'],
    ['claude-opus-5-thinking-128k', 'claude-opus-5'],
    ['claude-sonnet-5-1m', 'claude-sonnet-5'],
    ['claude-sonnet-5-5-1m', 'claude-sonnet-5-5'],
    ['claude-sonnet-4-20250514-thinking', 'claude-sonnet-4'],
    ['claude-sonnet-4-5-20250929-v1:0-eu', 'claude-sonnet-4-5'],
    ['claude-3-7-sonnet-thought', 'claude-3-7-sonnet'],
    ['claude-4.5-opus-high-thinking', 'claude-opus-4-5'],
    ['claude-opus-4-8:high', 'claude-opus-4-8'],
    ['claude-opus-4-8(high)', 'claude-opus-4-8'],
    ['claude-opus-4-8@prod', 'claude-opus-4-8'],
    ['databricks-claude-opus-4-8-low', 'claude-opus-4-8'],
    // no version: the family
    ['databricks-claude-opus', 'claude-opus'],
    // another version is another model
    ['claude-opus-4-8-1', 'claude-opus-4-8-1'],
    ['claude-opus-4-8b', 'claude-opus-4-8b'],
    ['claude-zephyr-9-high', 'claude-zephyr-9-high'],
    // other makers' models
    ['qwen3-8b-claude-opus-4-5-distill', 'qwen3-8b-claude-opus-4-5-distill'],
    ['glm-4.7-flash-claude-opus-4.5', 'glm-4.7-flash-claude-opus-4.5'],
    ['notclaude-opus-4-5', 'notclaude-opus-4-5'],
    ['opus-v1-34b', 'opus-v1-34b'],
    ['magnum-opus-4', 'magnum-opus-4'],
  ])('a name on a gateway: %s is %s', (raw, canonical) => {
    expect(canonicalModel(raw)).toBe(canonical);
  });

  test('a known version with any addition is that version', () => {
    const version = fc.constantFrom(...builtinPrices().models.keys());
    const word = fc.stringMatching(/^[a-z]{1,8}$/);
    const before = fc.oneof(
      fc.constant(''),
      fc.tuple(word, fc.constantFrom('-', '--', '.', ':', '_', '/')).map((parts) => parts.join('')),
    );
    const after = fc.array(
      fc.tuple(fc.constantFrom('-', '_', ':', '@'), word).map((parts) => parts.join('')),
      { maxLength: 3 },
    );
    fc.assert(
      fc.property(before, version, after, (prefix, model, suffixes) => {
        fc.pre(!/distill|gguf|^(?:qwen|glm|gemma|llama|gpt|kimi|phi|mimo|olmo)/.test(prefix));
        fc.pre(!/distill|gguf|claude/.test(suffixes.join('')));
        expect(canonicalModel(prefix + model + suffixes.join(''))).toBe(model);
      }),
      cheapRuns(500),
    );
  });

  test('is idempotent and total', () => {
    const parts = 'claude opus sonnet 3 4 0 5 20250514 latest v1:0 anthropic us GPT - . / @ [1m]';
    const part = fc.constantFrom(' ', ...parts.split(' '));
    const name = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(part, { maxLength: 12 }).map((parts) => parts.join('')),
      fc.array(part, { maxLength: 12 }).map((parts) => `claude-${parts.join('-')}`),
    );
    fc.assert(
      fc.property(name, (raw) => {
        const once = canonicalModel(raw);
        expect(canonicalModel(once)).toBe(once);
        expect(bareModel(bareModel(raw))).toBe(bareModel(raw));
        parseProvider(raw);
        classifyModel(once);
      }),
      cheapRuns(2000),
    );
  });

  test.each([
    '-latest'.repeat(200_000),
    `claude-4${'.5'.repeat(500_000)}`,
    'anthropic.'.repeat(100_000),
    `claude-${'a'.repeat(1_000_000)}-`,
    `claude-x${' '.repeat(1_000_000)}y`,
    `arn:aws${'-a'.repeat(500_000)}`,
  ])('takes linear time on a hostile name (%#)', (raw) => {
    // Quadratic time would be minutes, and the test's time is one.
    expect(canonicalModel(raw).length).toBeLessThanOrEqual(raw.length);
    expect(() => parseProvider(raw)).not.toThrow();
  });
});

describe('aliases', () => {
  afterEach(() => useModelAliases({}));

  test.each([
    ['My-Gateway', 'claude-sonnet-5'],
    ['proxy/my-gateway', 'claude-sonnet-5'],
    ['my-gateway[1m]', 'claude-sonnet-5'],
    ['arn:aws:bedrock:eu-west-1:1:application-inference-profile/ABC', 'claude-opus-4-5'],
    ['first', 'claude-opus-5'],
    ['glm-5.1', 'glm-5.1'],
    ['around', 'around'],
  ])('%s is %s', (raw, canonical) => {
    expect(canonicalModel(raw)).not.toBe('');
    useModelAliases({
      ' my-gateway ': 'Claude-Sonnet-5',
      'arn:aws:bedrock:eu-west-1:1:application-inference-profile/abc':
        'us.anthropic.claude-opus-4-5-20251101-v1:0',
      first: 'second',
      second: 'claude-opus-5',
      around: 'again',
      again: 'around',
    });
    expect(canonicalModel(raw)).toBe(canonical);
    useModelAliases({});
    expect(canonicalModel(raw) === canonical).toBe(raw === canonical);
  });
});

test.each([
  ['claude-opus-5-5', 'anthropic'],
  ['anthropic/claude-opus-4-8', 'anthropic'],
  ['opus[1m]', 'anthropic'],
  ['us.anthropic.claude-opus-5-5', 'bedrock'],
  ['anthropic.claude-haiku-5-5', 'bedrock'],
  ['bedrock/us.anthropic.claude-haiku-5-5', 'bedrock'],
  ['arn:aws:bedrock:us-east-1:1:inference-profile/us.anthropic.claude-opus-5', 'bedrock'],
  ['arn:aws-us-gov:bedrock:us-gov-west-1:1:application-inference-profile/abc', 'bedrock'],
  ['claude-opus-4-5@20251101', 'vertex'],
  ['claude-opus-4-6@default', 'vertex'],
  ['vertex_ai/claude-opus-5', 'vertex'],
  ['openrouter/anthropic/claude-haiku-4-5', 'openrouter'],
  ['gpt-5.5-codex', 'openai'],
  ['openai/gpt-5.5', 'openai'],
  ['o3', 'openai'],
  ['o4-mini', 'openai'],
  ['o100', null],
  ['text-embedding-3-small', 'openai'],
  ['gemini-2.5-pro', 'google'],
  ['grok-4', 'xai'],
  ['codestral-latest', 'mistral'],
  ['mixtral-8x7b', 'mistral'],
  ['deepseek-chat', 'deepseek'],
  ['qwen3-coder-plus', 'alibaba'],
  ['glm-5.1', 'zai'],
  ['kimi-k2.5', 'moonshotai'],
  ['MiniMax-M2.7', 'minimax'],
  ['mimo-v2.5-pro', 'xiaomi'],
  ['', null],
])('%s is billed by %s', (raw, provider) => {
  expect(parseProvider(raw)).toBe(provider);
});

test.each([
  ['claude-opus-5', 'reasoning'],
  ['claude-fable-5-2', 'reasoning'],
  ['claude-mythos-5', 'reasoning'],
  ['o3', 'reasoning'],
  ['o1-mini', 'reasoning'],
  ['claude-3-5-sonnet', 'coding'],
  ['claude-haiku-5-5', 'fast'],
  ['gpt-4o-mini', 'fast'],
  ['gemini-2.5-flash-lite', 'fast'],
  ['gemini-2.5-pro', 'general'],
  ['text-embedding-3-small', 'embedding'],
  ['gpt-5.5', 'general'],
  ['', 'general'],
] as const)('%s is a %s model', (model, modelClass) => {
  expect(classifyModel(model)).toBe(modelClass);
});
