import { describe, expect, test } from 'vitest';
import { estimateTokens, tokenFactor } from '../../src/core/estimate-tokens.ts';

// What tokenx 2.2.0 says of the same texts: it is no dependency, so its word is kept here.
const TOKENX: [kind: string, text: string, tokens: number][] = [
  [
    'English',
    'What every agent call cost, recorded as it happens, kept for good, and true to the last digit. '.repeat(
      10,
    ),
    220,
  ],
  [
    'code',
    'export function sum(values: number[]): number {\n  return values.reduce((a, b) => a + b, 0);\n}\n'.repeat(
      10,
    ),
    280,
  ],
  [
    'JSON',
    '{"model":"gpt-5.4","usage":{"prompt_tokens":9480,"completion_tokens":117}}\n'.repeat(10),
    250,
  ],
  [
    'German',
    'Die Kosten einer Anfrage werden erst bekannt, wenn die Antwort vollständig ist. '.repeat(10),
    170,
  ],
  ['Spanish', 'El coste de una petición sólo se conoce al final de la respuesta. '.repeat(10), 160],
  ['Russian', 'Стоимость запроса известна только после окончания ответа. '.repeat(10), 120],
  ['Chinese', '请求的费用只有在响应结束后才能知道，中间的计数不能相加。'.repeat(10), 240],
  ['Japanese', 'リクエストの費用は、応答が終わってはじめて分かります。'.repeat(10), 220],
  ['Korean', '요청의 비용은 응답이 끝난 후에야 알 수 있습니다. '.repeat(10), 160],
  ['emoji', 'done 🎉🚀✅ and done 👍 '.repeat(10), 90],
  ['numbers', '2026-11-21T21:56:58.798Z 1795298255615 0.00214567\n'.repeat(10), 230],
];

describe('the estimate', () => {
  test.each(TOKENX)('%s: within 20 %% of what tokenx estimates', (_, text, tokens) => {
    expect(Math.abs(estimateTokens(text) / tokens - 1)).toBeLessThan(0.2);
  });
});

test.each<[string, number]>([
  ['', 0],
  [' ', 1],
  ['a', 1],
])('%j: %i', (text, tokens) => {
  expect(estimateTokens(text)).toBe(tokens);
});

test('of a very long text the beginning decides', () => {
  expect(estimateTokens('word '.repeat(1_000_000))).toBe(1_000_000);
});

test.each<[string, number]>([
  ['claude-3-5-sonnet-20241022', 1.15],
  ['claude-sonnet-4-5', 1.15],
  ['us.anthropic.claude-opus-4-6-v1:0', 1.15],
  ['claude-opus-4-7', 1.5],
  ['claude-fable-5', 1.5],
  ['claude-haiku-5-5', 1.5],
  ['gpt-5.4', 1],
])('a text is longer to %s: x%d', (model, factor) => {
  expect(tokenFactor(model)).toBe(factor);
});
