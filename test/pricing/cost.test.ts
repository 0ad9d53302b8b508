import { describe, expect, test } from 'vitest';
import { canonicalModel } from '../../src/core/model/model-name.ts';
import { parseAnthropicUsage } from '../../src/core/usage/parse-anthropic.ts';
import { type ModelPrices, preparePrices, parseRates } from '../../src/pricing/price-table.ts';
import { type Billable, type PriceRow, computeCost, lookupPrice } from '../../src/pricing/cost.ts';
import { NO_USAGE, type Usage, type UsageModifiers } from '../../src/core/usage/usage.ts';
import { CLAUDE_PRICES } from '../../src/pricing/builtin/claude.ts';
import { builtinPrices } from '../../src/pricing/builtin/table.ts';
import { fc } from '../helpers/fast-check.ts';

const table = builtinPrices();
const NOW = Date.parse('2026-11-20T12:00:00Z');

const NO_MODIFIERS: UsageModifiers = { serviceTier: null, speed: null, inferenceGeo: null };

function rowOf(model: string, atMs = NOW): PriceRow {
  const { row } = lookupPrice(table, model, atMs);
  if (row === null) throw new Error(`no price for ${model}`);
  return row;
}

function request(usage: Partial<Usage>, modifiers: Partial<UsageModifiers> = {}): Billable {
  return {
    usage: {
      ...NO_USAGE,
      ...usage,
    },
    modifiers: { ...NO_MODIFIERS, ...modifiers },
    iterations: [],
  };
}

describe('lookupPrice', () => {
  test.each([
    ['claude-sonnet-5-5', 'claude-sonnet-5-5@2026-10-07', 'exact', 'claude-sonnet-5-5'],
    ['claude-sonnet-5', 'claude-sonnet-5@2026-06-30', 'exact', 'claude-sonnet-5'],
    ['claude-sonnet-5-20260630', 'claude-sonnet-5@2026-06-30', 'exact', 'claude-sonnet-5'],
    ['us.anthropic.claude-opus-5-5', 'claude-opus-5-5@2026-09-22', 'exact', 'claude-opus-5-5'],
    ['claude-sonnet-4-0', 'claude-sonnet-4@2026-04-30', 'alias', 'claude-sonnet-4'],
    ['claude-4.5-sonnet', 'claude-sonnet-4-5@2026-04-30', 'alias', 'claude-sonnet-4-5'],
    ['claude-4.5-sonnet-thinking', 'claude-sonnet-4-5@2026-04-30', 'alias', 'claude-sonnet-4-5'],
    ['claude-3.7-sonnet-thought', 'claude-3-7-sonnet@2025-02-24', 'alias', 'claude-3-7-sonnet'],
    ['opus[1m]', 'claude-opus-5-5@2026-09-22', 'family', 'claude-opus-5-5'],
    ['claude-haiku', 'claude-haiku-5-5@2026-10-07', 'family', 'claude-haiku-5-5'],
    ['claude-sonnet-6', 'claude-sonnet-5-5@2026-10-07', 'fallback', 'claude-sonnet-6'],
    ['claude-opus-5-5-5', 'claude-opus-5-5@2026-09-22', 'fallback', 'claude-opus-5-5-5'],
    ['claude-haiku-5', 'claude-haiku-5-5@2026-10-07', 'fallback', 'claude-haiku-5'],
    ['claude-zephyr-9-20261101', 'claude-opus-5-5@2026-09-22', 'fallback', 'claude-zephyr-9'],
    ['gpt-99', 'claude-opus-5-5@2026-09-22', 'fallback', 'gpt-99'],
    ['', 'claude-opus-5-5@2026-09-22', 'fallback', ''],
    ['__proto__', 'claude-opus-5-5@2026-09-22', 'fallback', '__proto__'],
  ])('%s is priced by %s (%s)', (raw, id, basis, model) => {
    const found = lookupPrice(table, raw, NOW);
    expect([found.row?.id, found.basis, found.model]).toStrictEqual([id, basis, model]);
  });

  test.each([
    ['before a price change', 'claude-sonnet-5-5', '2026-10-06T23:59:59.999Z', '2026-09-28'],
    ['at a price change', 'claude-sonnet-5-5', '2026-10-07T00:00:00Z', '2026-10-07'],
    ['before the release', 'claude-haiku-5-5', '2026-01-01T00:00:00Z', '2026-10-07'],
    ['before the release, two rows', 'claude-opus-4-6', '2026-01-01T00:00:00Z', '2026-02-05'],
  ])('%s', (_, model, at, from) => {
    expect(rowOf(model, Date.parse(at)).id).toBe(`${model}@${from}`);
  });

  test('at no time at all: the newest row', () => {
    expect(rowOf('claude-sonnet-5-5', Number.NaN).id).toBe('claude-sonnet-5-5@2026-10-07');
  });

  test.each([
    ['opus', '2026-09-21T00:00:00Z', 'claude-opus-5'],
    ['opus', '2025-06-01T00:00:00Z', 'claude-opus-4'],
    ['claude-sonnet-9', '2026-09-01T00:00:00Z', 'claude-sonnet-5'],
    ['gpt-99', '2024-05-01T00:00:00Z', 'claude-3-opus'],
    ['gpt-99', '2001-01-01T00:00:00Z', 'claude-3-opus'],
  ])('the newest for %s at %s is %s', (raw, at, model) => {
    expect(rowOf(raw, Date.parse(at)).model).toBe(model);
  });

  test.each([
    ['claude-opus-4-0', '2026-06-14T23:59:59Z', 'claude-opus-4', 'alias'],
    ['claude-opus-4-0', '2026-06-15T00:00:00Z', 'claude-opus-4-8', 'alias'],
    ['claude-opus-4-0[1m]', '2026-11-20T00:00:00Z', 'claude-opus-5-5', 'alias'],
    ['claude-opus-4-20250514', '2025-09-01T00:00:00Z', 'claude-opus-4', 'exact'],
    ['claude-opus-4-1', '2026-11-20T00:00:00Z', 'claude-opus-5-5', 'alias'],
    ['claude-opus-4-1-20250805', '2026-03-01T00:00:00Z', 'claude-opus-4-1', 'exact'],
    // Bedrock and Vertex still serve them.
    ['anthropic.claude-opus-4-1-20250805-v1:0', '2026-11-20T00:00:00Z', 'claude-opus-4-1', 'exact'],
    ['claude-opus-4@20250514', '2026-11-20T00:00:00Z', 'claude-opus-4', 'exact'],
  ])('a retired name: %s at %s is priced as %s', (raw, at, model, basis) => {
    const found = lookupPrice(table, raw, Date.parse(at));
    expect([found.row?.model, found.basis]).toStrictEqual([model, basis]);
    expect(found.model).toBe(canonicalModel(raw));
  });

  test('the fallback is the caller’s choice', () => {
    const row = (raw: string, fallback: 'opus' | 'sonnet' | 'zero' | 'none') =>
      lookupPrice(table, raw, NOW, fallback).row;
    expect(row('gpt-99', 'sonnet')?.model).toBe('claude-sonnet-5-5');
    expect(row('claude-opus-9', 'sonnet')?.model).toBe('claude-opus-5-5');
    expect(row('claude-opus-9', 'none')).toBeNull();
    expect(row('claude-opus-5', 'none')?.model).toBe('claude-opus-5');
    const zero = row('gpt-99', 'zero');
    expect(zero?.model).toBe('gpt-99');
    expect(zero && computeCost(request({ inputTokens: 1e9 }), zero)).toBe(0);
  });

  test('an empty table prices nothing', () => {
    expect(lookupPrice(preparePrices([]), 'claude-opus-5', NOW).row).toBeNull();
  });

  test('never throws', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.double(), (raw, atMs) => {
        expect(lookupPrice(table, raw, atMs).row).not.toBeNull();
      }),
    );
  });
});

test('of two entries for one model the later counts', () => {
  const rates = parseRates(['1', '2', '3', '4', '5']);
  if (rates === null) throw new Error('rates');
  const entry = (id: string): ModelPrices => ({
    model: 'm',
    family: null,
    releasedMs: null,
    rows: () => [
      {
        id,
        model: 'm',
        family: null,
        fromMs: null,
        toMs: null,
        ...rates,
        fastMultiplier: null,
        longPrompt: null,
        source: 's',
        sourceDate: '2026-11-21',
      },
    ],
  });
  const small = preparePrices([entry('a'), entry('b')]);
  expect(lookupPrice(small, 'm', 0)).toMatchObject({ basis: 'exact', row: { id: 'b' } });
});

test('five prices or none', () => {
  expect(parseRates(['1', '2', '3', '4', '0.125'])?.cacheRead).toBe(125_000_000);
  expect(parseRates(['1', '2', '3', '4'])).toBeNull();
  expect(parseRates(['1', '2', 'x', '4', '5'])).toBeNull();
});

describe('the built-in table', () => {
  test('has every row of its source, with dates and rates', () => {
    const rows = [...table.models.values()].flatMap((entry) => entry.rows());
    expect(rows).toHaveLength(CLAUDE_PRICES.length);
    expect(new Set(rows.map((row) => row.id)).size).toBe(rows.length);
    expect(rows.filter((row) => !Number.isSafeInteger(row.fromMs))).toStrictEqual([]);
    expect(rows.filter((row) => canonicalModel(row.model) !== row.model)).toStrictEqual([]);
  });

  test('periods of one model follow each other', () => {
    for (const entry of table.models.values()) {
      const rows = entry.rows();
      expect(rows.map((row) => row.toMs)).toStrictEqual([
        ...rows.slice(1).map((row) => row.fromMs),
        null,
      ]);
    }
  });

  test.each([
    ['claude-sonnet-4-5', '2025-11-01', 442_500_000],
    ['claude-sonnet-4', '2025-11-01', 442_500_000],
    ['claude-sonnet-4-5[1m]', '2026-04-29', 442_500_000],
    ['claude-sonnet-4-5', '2026-04-30', 225_000_000],
    ['claude-sonnet-4-6', '2026-03-12', 442_500_000],
    ['claude-sonnet-4-6', '2026-03-13', 225_000_000],
    ['claude-3-7-sonnet', '2025-11-01', 225_000_000],
  ])('a prompt over 200,000 tokens of %s on %s', (model, day, nanoUsd) => {
    const long = { inputTokens: 50_000, outputTokens: 1000, cacheReadTokens: 200_000 };
    const short = { ...long, inputTokens: 0 };
    expect(computeCost(request(long), rowOf(model, Date.parse(day)))).toBe(nanoUsd);
    expect(computeCost(request(short), rowOf(model, Date.parse(day)))).toBe(75_000_000);
  });

  test('writes are 1.25 and 2 times the input, in every tier', () => {
    for (const row of [...table.models.values()].flatMap((entry) => entry.rows())) {
      for (const { input, cacheWrite5m, cacheWrite1h } of [row, row.longPrompt ?? row]) {
        // Haiku 3 is listed at 0.30, not 0.3125.
        expect(cacheWrite5m * 4).toBe(row.model === 'claude-3-haiku' ? 1.2e9 : input * 5);
        expect(cacheWrite1h).toBe(input * 2);
      }
    }
  });
});

describe('costOf', () => {
  const mixed: Partial<Usage> = {
    inputTokens: 1234,
    outputTokens: 567,
    cacheReadTokens: 12345,
    cacheWrite5mTokens: 3000,
    cacheWrite1hTokens: 5000,
  };

  test.each<[string, string, Partial<Usage>, Partial<UsageModifiers>, number]>([
    ['all five rates', 'claude-opus-5', mixed, {}, 95_267_500],
    ['fast', 'claude-opus-5', mixed, { speed: 'fast' }, 190_535_000],
    ['fast where there is none', 'claude-sonnet-5', mixed, { speed: 'fast' }, 38_107_000],
    ['us', 'claude-opus-5-5', mixed, { inferenceGeo: 'us' }, 81_119_500],
    ['global', 'claude-opus-5-5', mixed, { inferenceGeo: 'global' }, 73_745_000],
    ['us and fast', 'claude-opus-5-5', mixed, { inferenceGeo: 'us', speed: 'fast' }, 162_239_000],
    ['batch', 'claude-opus-5', mixed, { serviceTier: 'batch' }, 47_633_750],
    [
      'searches after every multiplier',
      'claude-opus-5',
      { ...mixed, webSearchRequests: 3 },
      { serviceTier: 'batch', speed: 'fast', inferenceGeo: 'us' },
      104_794_250 + 30_000_000,
    ],
    ['at the long-prompt threshold', 'claude-haiku-5-5', { inputTokens: 100_000 }, {}, 10_000_000],
    ['over it', 'claude-haiku-5-5', { inputTokens: 100_001 }, {}, 50_000_500],
    [
      'writes and reads are prompt, output is not',
      'claude-haiku-5-5',
      {
        inputTokens: 1,
        outputTokens: 1000,
        cacheReadTokens: 60_000,
        cacheWrite5mTokens: 20_000,
        cacheWrite1hTokens: 20_000,
      },
      {},
      500 + 2_500_000 + 3_000_000 + 12_500_000 + 20_000_000,
    ],
    [
      'output alone is never long',
      'claude-haiku-5-5',
      { inputTokens: 1, outputTokens: 200_000 },
      {},
      100_000_100,
    ],
    ['200k, today', 'claude-opus-4-6', { inputTokens: 250_000 }, {}, 1_250_000_000],
    ['no tokens', 'claude-opus-5', {}, { speed: 'fast', inferenceGeo: 'us' }, 0],
  ])('%s', (_, model, usage, modifiers, nanoUsd) => {
    expect(computeCost(request(usage, modifiers), rowOf(model))).toBe(nanoUsd);
  });

  test.each([
    [1, 138],
    [3, 412],
    [5, 688],
    [2, 275],
  ])('%i tokens at 137.5 nano-USD round half-even', (cacheWrite5mTokens, nanoUsd) => {
    const billable = request({ cacheWrite5mTokens }, { inferenceGeo: 'us' });
    expect(computeCost(billable, rowOf('claude-haiku-5-5'))).toBe(nanoUsd);
  });

  test('the premium over 200k ended on 2026-03-13, and fast mode never paid it', () => {
    const before = rowOf('claude-opus-4-6', Date.parse('2026-03-12T23:59:59Z'));
    const after = rowOf('claude-opus-4-6', Date.parse('2026-03-13T00:00:00Z'));
    const long = { inputTokens: 200_001 };
    expect(computeCost(request({ inputTokens: 200_000 }), before)).toBe(1_000_000_000);
    expect(computeCost(request(long), before)).toBe(2_000_010_000);
    expect(computeCost(request(long), after)).toBe(1_000_005_000);
    expect(computeCost(request(long, { speed: 'fast' }), before)).toBe(6_000_030_000);
  });

  test('every pass is tiered by itself', () => {
    const pass = (input: number, read: number) => ({
      type: 'message',
      input_tokens: input,
      cache_read_input_tokens: read,
      output_tokens: 1000,
    });
    const row = rowOf('claude-haiku-5-5');
    const cost = (first: [number, number], second: [number, number], iterations: boolean) => {
      const parsed = parseAnthropicUsage({
        input_tokens: first[0] + second[0],
        cache_read_input_tokens: first[1] + second[1],
        output_tokens: 2000,
        ...(iterations ? { iterations: [pass(...first), pass(...second)] } : {}),
      });
      return parsed && computeCost(parsed, row);
    };
    expect(cost([90_000, 0], [60_000, 0], true)).toBe(16_000_000);
    expect(cost([90_000, 0], [60_000, 0], false)).toBe(80_000_000);
    expect(cost([90_000, 10_001], [60_000, 0], true)).toBe(48_000_050 + 6_500_000);
  });

  test('a sum of money too large to hold stops at the largest safe integer', () => {
    const usage = { outputTokens: Number.MAX_SAFE_INTEGER, webSearchRequests: 5 };
    expect(computeCost(request(usage), rowOf('claude-opus-5'))).toBe(Number.MAX_SAFE_INTEGER);
  });

  test('what is no count costs nothing', () => {
    const usage = { inputTokens: Number.NaN, outputTokens: 0.3, cacheReadTokens: -0 };
    expect(computeCost(request(usage), rowOf('claude-opus-5'))).toBe(0);
  });
});

describe('properties of costOf', () => {
  const FIELDS = [
    'inputTokens',
    'outputTokens',
    'cacheReadTokens',
    'cacheWrite5mTokens',
    'cacheWrite1hTokens',
    'webSearchRequests',
  ] as const;
  const rows = [...table.models.values()].flatMap((entry) => entry.rows());
  const anyRow = fc.constantFrom(...rows);
  const flatRow = fc.constantFrom(...rows.filter((row) => row.longPrompt === null));
  const usageOf = (count: fc.Arbitrary<number>): fc.Arbitrary<Usage> =>
    fc.record(Object.fromEntries(FIELDS.map((field) => [field, count])) as never);
  const usage = usageOf(fc.nat(2_000_000));
  const modifiers = fc.record<UsageModifiers>({
    serviceTier: fc.constantFrom(null, 'standard', 'batch'),
    speed: fc.constantFrom(null, 'standard', 'fast'),
    inferenceGeo: fc.constantFrom(null, '', 'us', 'global', 'not_available'),
  });

  test('monotone in every count', () => {
    const step = fc.nat(1_000_000);
    fc.assert(
      fc.property(usage, modifiers, anyRow, fc.constantFrom(...FIELDS), step, (u, m, row, f, n) => {
        const more = { ...u, [f]: u[f] + n };
        expect(computeCost(request(more, m), row)).toBeGreaterThanOrEqual(
          computeCost(request(u, m), row),
        );
      }),
    );
  });

  test('additive where no tier and no multiplier applies', () => {
    fc.assert(
      fc.property(usage, usage, flatRow, (a, b, row) => {
        const both = Object.fromEntries(FIELDS.map((field) => [field, a[field] + b[field]]));
        const apart = computeCost(request(a), row) + computeCost(request(b), row);
        expect(computeCost(request(both), row)).toBe(apart);
      }),
    );
  });

  test('the same for every name of a model', () => {
    const models = fc.constantFrom(...new Set(rows.map((row) => row.model)));
    const dress = fc.constantFrom(
      (name: string) => `${name}[1m]`,
      (name: string) => `${name}@20260101`,
      (name: string) => `us.anthropic.${name}-20260101-v1:0`,
      (name: string) => `openrouter/anthropic/${name}`,
      (name: string) => ` ${name.toUpperCase()} `,
      (name: string) => name.replace(/(\d)-(\d)/, '$1.$2'),
    );
    // Before any name was retired.
    const at = Date.parse('2026-05-01T00:00:00Z');
    fc.assert(
      fc.property(usage, modifiers, models, dress, (u, m, model, wear) => {
        const billable = request(u, m);
        expect(computeCost(billable, rowOf(wear(model), at))).toBe(
          computeCost(billable, rowOf(model, at)),
        );
      }),
    );
  });

  test('equals exact arithmetic with any counts', () => {
    const wild = usageOf(fc.oneof(fc.nat(300_000), fc.maxSafeNat()));
    fc.assert(
      fc.property(wild, modifiers, anyRow, (u, m, row) => {
        expect(computeCost(request(u, m), row)).toBe(exactCost(u, m, row));
      }),
    );
  });

  /** The same in BigInts alone, over one denominator for everything. */
  function exactCost(u: Usage, m: UsageModifiers, row: PriceRow): number {
    const fast = m.speed === 'fast' ? row.fastMultiplier : null;
    const prompt =
      BigInt(u.inputTokens) +
      BigInt(u.cacheReadTokens) +
      BigInt(u.cacheWrite5mTokens) +
      BigInt(u.cacheWrite1hTokens);
    const { longPrompt } = row;
    const isLong = fast === null && longPrompt && prompt > BigInt(longPrompt.abovePromptTokens);
    const rates = isLong ? longPrompt : row;
    let femto =
      BigInt(rates.input) * BigInt(u.inputTokens) +
      BigInt(rates.output) * BigInt(u.outputTokens) +
      BigInt(rates.cacheRead) * BigInt(u.cacheReadTokens) +
      BigInt(rates.cacheWrite5m) * BigInt(u.cacheWrite5mTokens) +
      BigInt(rates.cacheWrite1h) * BigInt(u.cacheWrite1hTokens);
    femto *= BigInt(fast?.num ?? 1) * (m.inferenceGeo === 'us' ? 11n : 10n);
    femto *= m.serviceTier === 'batch' ? 1n : 2n;
    const unit = 20_000_000n * BigInt(fast?.den ?? 1);
    const rest = femto % unit;
    let nano = femto / unit;
    if (2n * rest > unit || (2n * rest === unit && nano % 2n === 1n)) nano += 1n;
    nano += 10_000_000n * BigInt(u.webSearchRequests);
    return Math.min(Number(nano), Number.MAX_SAFE_INTEGER);
  }
});
