import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parsePrice } from '../../src/core/money/money.ts';
import { canonicalModel } from '../../src/core/model/model-name.ts';
import { parseAnthropicUsage } from '../../src/core/usage/parse-anthropic.ts';
import { computeCost, lookupPrice } from '../../src/pricing/cost.ts';
import { builtinPrices } from '../../src/pricing/builtin/table.ts';

/** Requests with the cost that the real client reports for them: beside the project, not in it. */
const shared = new URL('../../../shared/', import.meta.url);
const isThere = existsSync(new URL('reference/price-cases.json', shared));
if (!isThere) console.log('skipped: the measured price cases, ../shared/reference is not there');

const prices = builtinPrices();

function readReference<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`reference/${name}`, shared), 'utf8')) as T;
}

interface PriceCase {
  id: string;
  group: string;
  model: string;
  at: string;
  usage: unknown;
  cost_usd: string;
}

describe.skipIf(!isThere)('costs measured with the client', () => {
  const cases = isThere ? readReference<PriceCase[]>('price-cases.json') : [];

  test('there are some', () => {
    expect(cases.length).toBeGreaterThan(0);
  });

  test.each(cases)('$id $group $model', ({ model, at, usage, cost_usd }) => {
    expect(Math.abs(costWithAdvisors(model, at, usage) / 1e9 - Number(cost_usd))).toBeLessThan(
      1e-9,
    );
  });

  /** In nano-USD. The client adds an advisor's cost to the message's, and leaves out compaction. */
  function costWithAdvisors(model: string, at: string, raw: unknown): number {
    const parsed = parseAnthropicUsage(raw, model);
    if (parsed === null) return Number.NaN;
    const requests = [{ model, billable: parsed }];
    for (const side of parsed.sideRequests) {
      if (side.kind !== 'advisor') continue;
      const modifiers = { ...parsed.modifiers, speed: null };
      const billable = { ...parsed, usage: side.usage, modifiers, iterations: [] };
      requests.push({ model: side.model ?? model, billable });
    }
    return requests.reduce((sum, { model, billable }) => {
      const { row } = lookupPrice(prices, model, Date.parse(at));
      return sum + (row === null ? Number.NaN : computeCost(billable, row));
    }, 0);
  }
});

interface UsdRates {
  input: string;
  output: string;
  cache_write_5m: string;
  cache_write_1h: string;
  cache_read: string;
}

interface RatesOfModel {
  family: string;
  periods: (UsdRates & { from: string | null; to: string | null; tier_above_200k?: UsdRates })[];
  long_prompt?: UsdRates & { above_prompt_tokens: number };
  fast_multiplier?: string;
}

describe.skipIf(!isThere)('list prices', () => {
  const models = isThere
    ? readReference<{ models: Record<string, RatesOfModel> }>('claude-rates.json').models
    : {};

  test('no more and no fewer models', () => {
    expect([...prices.models.keys()].sort()).toStrictEqual(
      Object.keys(models).map(canonicalModel).sort(),
    );
  });

  /** The 1M beta of Sonnet 4 and 4.5 had the premium that 4.6 had later; the reference leaves it out. */
  const BETA = ['claude-sonnet-4-0', 'claude-sonnet-4-5'];

  function withBeta(name: string, { periods }: RatesOfModel): RatesOfModel['periods'] {
    const premium = models['claude-sonnet-4-6']?.periods[0]?.tier_above_200k;
    if (!BETA.includes(name) || premium === undefined) return periods;
    return periods.flatMap((period) => [
      { ...period, to: '2026-04-30', tier_above_200k: premium },
      { ...period, from: '2026-04-30' },
    ]);
  }

  test.each(Object.entries(models))('%s', (name, expected) => {
    const entry = prices.models.get(canonicalModel(name));
    const rows = entry?.rows() ?? [];
    const periods = withBeta(name, expected);
    expect(rows.length).toBe(periods.length);
    for (const [place, period] of periods.entries()) {
      const row = rows[place];
      expect(row).toMatchObject({
        family: expected.family,
        ...inUnits(period),
        // A period without a start begins with the model's release, which the reference leaves out.
        fromMs: period.from === null ? row?.fromMs : Date.parse(period.from),
        toMs: period.to === null ? null : Date.parse(period.to),
        fastMultiplier:
          expected.fast_multiplier === undefined
            ? null
            : { num: Number(expected.fast_multiplier), den: 1 },
        longPrompt: longPromptOf(expected, period.tier_above_200k),
      });
    }
  });

  function longPromptOf({ long_prompt }: RatesOfModel, above200k: UsdRates | undefined) {
    if (above200k !== undefined) return { ...inUnits(above200k), abovePromptTokens: 200_000 };
    if (long_prompt === undefined) return null;
    return { ...inUnits(long_prompt), abovePromptTokens: long_prompt.above_prompt_tokens };
  }

  function inUnits(usd: UsdRates) {
    return {
      input: parsePrice(usd.input),
      output: parsePrice(usd.output),
      cacheWrite5m: parsePrice(usd.cache_write_5m),
      cacheWrite1h: parsePrice(usd.cache_write_1h),
      cacheRead: parsePrice(usd.cache_read),
    };
  }
});
