import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { splitCost } from '../../src/pricing/cost-parts.ts';
import type { CostParts } from '../../src/core/usage/usual-cost.ts';
import { parseAnthropicUsage } from '../../src/core/usage/parse-anthropic.ts';
import { type Billable, type PriceRow, computeCost, lookupPrice } from '../../src/pricing/cost.ts';
import { builtinPrices } from '../../src/pricing/builtin/table.ts';
import { fc, cheapRuns } from '../helpers/fast-check.ts';
import { NO_USAGE } from '../../src/core/usage/usage.ts';

const prices = builtinPrices();
const allRows = [...prices.models.values()].flatMap((model) => [...model.rows()]);
const NOW = Date.parse('2026-11-20T12:00:00Z');

function rowOf(model: string, atMs = NOW): PriceRow {
  const { row } = lookupPrice(prices, model, atMs);
  if (row === null) throw new Error(`no price for ${model}`);
  return row;
}

type Counts = Partial<Billable['usage']>;

function billable(counts: Counts, rest: Partial<Billable['modifiers']> = {}): Billable {
  const usage = {
    ...NO_USAGE,
    ...counts,
  };
  const modifiers = { serviceTier: null, speed: null, inferenceGeo: null, ...rest };
  return { usage, modifiers, iterations: [] };
}

/** Input, output, cache reads, cache writes, searches. */
function listed(parts: CostParts): number[] {
  return [
    parts.inputCostNanoUsd,
    parts.outputCostNanoUsd,
    parts.cacheReadCostNanoUsd,
    parts.cacheWriteCostNanoUsd,
    parts.webSearchCostNanoUsd,
  ];
}

const sum = (values: number[]): number => values.reduce((all, value) => all + value, 0);
const FULL: Counts = {
  inputTokens: 1000,
  outputTokens: 100,
  cacheReadTokens: 20_000,
  cacheWrite5mTokens: 300,
  cacheWrite1hTokens: 40,
};

describe('what each kind of tokens cost', () => {
  test.each<[string, string, Billable, number[]]>([
    [
      'at list prices',
      'claude-opus-4-8',
      billable(FULL),
      [5_000_000, 2_500_000, 10_000_000, 2_275_000, 0],
    ],
    [
      'with searches, in full',
      'claude-opus-4-8',
      billable({ ...FULL, webSearchRequests: 2 }),
      [5_000_000, 2_500_000, 10_000_000, 2_275_000, 20_000_000],
    ],
    [
      'fast',
      'claude-opus-4-8',
      billable(FULL, { speed: 'fast' }),
      [10_000_000, 5_000_000, 20_000_000, 4_550_000, 0],
    ],
    [
      'in the US',
      'claude-opus-4-8',
      billable(FULL, { inferenceGeo: 'us' }),
      [5_500_000, 2_750_000, 11_000_000, 2_502_500, 0],
    ],
    [
      'in a batch',
      'claude-opus-4-8',
      billable({ ...FULL, webSearchRequests: 1 }, { serviceTier: 'batch' }),
      [2_500_000, 1_250_000, 5_000_000, 1_137_500, 10_000_000],
    ],
    [
      'of a model that costs less than a nano-USD a token',
      'claude-3-haiku',
      billable({ inputTokens: 1, outputTokens: 1, cacheReadTokens: 1, cacheWrite5mTokens: 1 }),
      [250, 1250, 30, 300, 0],
    ],
    ['of nothing', 'claude-opus-4-8', billable({}), [0, 0, 0, 0, 0]],
  ])('%s', (_, model, request, parts) => {
    const row = rowOf(model);
    const cost = computeCost(request, row);
    expect(listed(splitCost(cost, request, row))).toEqual(parts);
    expect(sum(parts)).toBe(cost);
  });

  test('each pass of a long prompt at its own rates', () => {
    const row = allRows.find(({ longPrompt }) => longPrompt?.abovePromptTokens === 200_000);
    if (row === undefined) throw new Error('no model has prices for long prompts');
    const { usage: short } = billable({ inputTokens: 1000, outputTokens: 10 });
    const { usage: long } = billable({ inputTokens: 300_000, outputTokens: 10 });
    const usage = { ...short, inputTokens: 301_000, outputTokens: 20 };
    const request = { ...billable(usage), iterations: [short, long] };
    const parts = listed(splitCost(computeCost(request, row), request, row));
    const of = (one: Counts): number => computeCost(billable(one), row);
    // Output by itself is no long prompt: what it costs behind one is what the pass costs on top of its input.
    const longOutput = of(long) - of({ inputTokens: 300_000 });
    const input = of({ inputTokens: 1000 }) + of({ inputTokens: 300_000 });
    expect(parts).toEqual([input, of({ outputTokens: 10 }) + longOutput, 0, 0, 0]);
    expect(longOutput).toBeGreaterThan(of({ outputTokens: 10 }));
  });

  test("a provider's own figure at list prices, where there are any", () => {
    const request = billable({ inputTokens: 500, outputTokens: 100 });
    expect(listed(splitCost(1_000_001, request, rowOf('claude-opus-4-8')))).toEqual([
      500_001, 500_000, 0, 0, 0,
    ]);
    expect(listed(splitCost(1_000_001, request, null))).toEqual([500_001, 500_000, 0, 0, 0]);
    expect(listed(splitCost(77, billable({}), null))).toEqual([77, 0, 0, 0, 0]);
    // Searches are not all of a figure that is too small for them.
    expect(listed(splitCost(7, billable({ webSearchRequests: 1 }), null))).toEqual([0, 0, 0, 0, 7]);
  });
});

describe('the parts of any cost', () => {
  const count = fc.oneof(fc.nat(10), fc.nat(300_000), fc.nat(50_000_000));
  const counts = fc.record({
    inputTokens: count,
    outputTokens: count,
    cacheReadTokens: count,
    cacheWrite5mTokens: count,
    cacheWrite1hTokens: count,
    webSearchRequests: fc.nat(3),
  });
  const modifiers = fc.record({
    serviceTier: fc.constantFrom(null, 'standard', 'batch'),
    speed: fc.constantFrom(null, 'fast'),
    inferenceGeo: fc.constantFrom(null, 'us', 'global'),
  });
  test('sum to it, at every price, of any passes, or charged by the provider', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...allRows),
        fc.array(counts, { minLength: 1, maxLength: 3 }),
        modifiers,
        fc.option(fc.nat(1e12), { freq: 4 }),
        (row, passes, marks, charged) => {
          const total = passes.reduce((a, b) => {
            const names = Object.keys(a) as (keyof typeof a)[];
            return Object.fromEntries(names.map((name) => [name, a[name] + b[name]])) as typeof a;
          });
          const request = { usage: total, modifiers: marks, iterations: passes };
          const cost = charged ?? computeCost(request, row);
          const parts = listed(splitCost(cost, request, row));
          const kinds = [total.inputTokens, total.outputTokens, total.cacheReadTokens];
          return (
            sum(parts) === cost &&
            parts.every((part) => Number.isSafeInteger(part) && part >= 0) &&
            // What was not used costs nothing, but where nothing was used at all.
            (charged !== null || kinds.every((used, at) => used > 0 || parts[at] === 0))
          );
        },
      ),
      cheapRuns(3000),
    );
  });

  test('are each what it would cost by itself, but for the rounding', () => {
    const row = rowOf('claude-opus-4-8');
    fc.assert(
      fc.property(counts, modifiers, (usage, marks) => {
        const request = billable(usage, marks);
        const parts = listed(splitCost(computeCost(request, row), request, row));
        const { inputTokens, outputTokens, cacheReadTokens } = usage;
        const alone = [{ inputTokens }, { outputTokens }, { cacheReadTokens }].map((one) =>
          computeCost(billable(one, marks), row),
        );
        return alone.every((cost, at) => Math.abs(cost - (parts[at] ?? 0)) <= 1);
      }),
      cheapRuns(2000),
    );
  });
});

const cases = new URL('../../../shared/reference/price-cases.json', import.meta.url);
const isThere = existsSync(cases);
if (!isThere) console.log('skipped: the measured price cases, ../shared/reference is not there');

test.skipIf(!isThere)('the parts of every measured cost sum to it', () => {
  const measured = JSON.parse(readFileSync(cases, 'utf8')) as {
    model: string;
    at: string;
    usage: unknown;
  }[];
  for (const { model, at, usage } of measured) {
    const parsed = parseAnthropicUsage(usage, model);
    const { row } = lookupPrice(prices, model, Date.parse(at));
    if (parsed === null || row === null) throw new Error(`no usage or no price: ${model}`);
    const cost = computeCost(parsed, row);
    expect(sum(listed(splitCost(cost, parsed, row)))).toBe(cost);
  }
});
