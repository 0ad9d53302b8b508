import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parseStatus } from '../../../src/agents/claude-code/status.ts';
import { sharedFolder } from '../../helpers/shared.ts';
import { LIMITS, statusJson } from '../../helpers/statusline.ts';
import { fc } from '../../helpers/fast-check.ts';

const parse = (over: Record<string, unknown> = {}) => parseStatus(JSON.stringify(statusJson(over)));
const costOf = (text: string) => parseStatus(`{"cost":{"total_cost_usd":${text}}}`)?.costNanoUsd;

test('a status as the client sends it', () => {
  expect(parse({ rate_limits: LIMITS })).toMatchInlineSnapshot(`
    {
      "apiDurationMs": 90000,
      "clientVersion": "2.1.330",
      "contextUsedPercent": 34,
      "costNanoUsd": 1244900000,
      "cwd": "/home/user/shop",
      "durationMs": 600000,
      "limits": {
        "fiveHour": {
          "resetsAtMs": 1795297339000,
          "usedPercent": 41.2,
        },
        "sevenDay": {
          "resetsAtMs": 1795697339000,
          "usedPercent": 12,
        },
      },
      "linesAdded": 1234,
      "linesRemoved": 5,
      "modelId": "claude-opus-4-8",
      "modelName": "Opus 4.8",
      "sessionId": "s1",
    }
  `);
});

const payloads = sharedFolder('reference/payloads');
test.skipIf(payloads === null)('a recorded status', () => {
  const text = readFileSync(`${payloads}/cc-2.1.330.statusLine.json`, 'utf8');
  expect(parseStatus(text)).toMatchObject({
    modelName: 'Opus 5.5',
    costNanoUsd: 11_424_000,
    apiDurationMs: 123,
    contextUsedPercent: 0,
    limits: null,
  });
});

describe('the total in nano-USD', () => {
  test.each([
    ['0', 0],
    ['0.011424', 11_424_000],
    // Sums of doubles, as JavaScript writes them.
    ['0.30000000000000004', 300_000_000],
    ['0.16128500000000002', 161_285_000],
    // Times 1e9 in doubles: 1,005,000,000.0000001 and 8,165,000.000000001.
    ['1.0050000005', 1_005_000_000],
    ['0.0081650015', 8_165_002],
    ['1e-9', 1],
    ['5e-10', 0],
    ['1.5e-9', 2],
    ['1234567.123456789', 1_234_567_123_456_789],
    ['-1', null],
    ['1e300', null],
    ['"1"', null],
    ['null', null],
    ['true', null],
  ])('of %s is %s', (text, expected) => {
    expect(costOf(text)).toBe(expected);
  });
});

describe('the context', () => {
  test.each([
    [{ used_percentage: 34 }, 34],
    [{ used_percentage: null, context_window_size: 200_000, current_usage: null }, null],
    [
      {
        context_window_size: 200_000,
        current_usage: { input_tokens: 6, cache_read_input_tokens: 99_994, output_tokens: 5000 },
      },
      50,
    ],
    [{ context_window_size: 0, current_usage: { input_tokens: 6 } }, null],
    [{ used_percentage: -1 }, null],
    [{ used_percentage: 'half' }, null],
    [{}, null],
    [null, null],
  ])('%j is %s', (context_window, expected) => {
    expect(parse({ context_window })?.contextUsedPercent).toBe(expected);
  });
});

describe('the limits', () => {
  test.each([
    [undefined, null],
    [null, null],
    ['none', null],
    [{}, { fiveHour: null, sevenDay: null }],
    [{ five_hour: { used_percentage: 'much' } }, { fiveHour: null, sevenDay: null }],
    [
      { five_hour: { used_percentage: 5, resets_at: '2026-11-21T12:00:00Z' } },
      {
        fiveHour: { usedPercent: 5, resetsAtMs: Date.UTC(2026, 10, 21, 12) },
        sevenDay: null,
      },
    ],
  ])('%j are %j', (rate_limits, expected) => {
    expect(parse({ rate_limits })?.limits).toEqual(expected);
  });
});

test.each(['', 'x', '[]', '17', 'null', '"text"', '{"a":', '['.repeat(100_000)])(
  'what is no object is no status: %.20s',
  (text) => {
    expect(parseStatus(text)).toBeNull();
  },
);

test('it never throws, whatever stands in the fields', () => {
  const names = [...Object.keys(statusJson()), 'rate_limits', '__proto__'];
  const inner = fc.dictionary(
    fc.constantFrom('id', 'total_cost_usd', 'used_percentage', 'current_usage', 'five_hour'),
    fc.jsonValue(),
  );
  fc.assert(
    fc.property(
      fc.dictionary(fc.constantFrom(...names), fc.oneof(inner, fc.jsonValue())),
      (value) => {
        expect(parseStatus(JSON.stringify(value))).not.toBeNull();
      },
    ),
  );
});
