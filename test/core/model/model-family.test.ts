import { describe, expect, test } from 'vitest';
import { isModelMeant } from '../../../src/core/model/model-family.ts';

const MODELS = [
  'claude-3-5-sonnet',
  'claude-opus-4',
  'claude-opus-4-5',
  'claude-sonnet-4-5',
  'gpt-5-mini',
  'qwen3-coder',
  'kimi-k2-thinking',
];

describe('the models that a filter means', () => {
  test.each([
    ['claude-opus-4-5', ['claude-opus-4-5']],
    ['us.anthropic.claude-opus-4-5-20251101-v1:0', ['claude-opus-4-5']],
    ['opus', ['claude-opus-4', 'claude-opus-4-5']],
    ['Opus', ['claude-opus-4', 'claude-opus-4-5']],
    ['claude-opus', ['claude-opus-4', 'claude-opus-4-5']],
    ['opus-4.5', ['claude-opus-4-5']],
    ['sonnet', ['claude-3-5-sonnet', 'claude-sonnet-4-5']],
    ['sonnet-3.5', ['claude-3-5-sonnet']],
    ['claude-sonnet', ['claude-3-5-sonnet', 'claude-sonnet-4-5']],
    ['qwen', ['qwen3-coder']],
    ['mini', ['gpt-5-mini']],
    ['kimi', ['kimi-k2-thinking']],
    // A version is never answered with another one.
    ['claude-opus-4-6', []],
    ['opus-5', []],
    ['gpt-5', []],
    ['opu', []],
    ['', []],
    ['.*', []],
  ])('%s', (text, meant) => {
    expect(MODELS.filter((model) => isModelMeant(text, model))).toEqual(meant);
  });
});
