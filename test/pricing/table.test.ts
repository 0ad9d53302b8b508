import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { canonicalModel, parseProvider } from '../../src/core/model/model-name.ts';
import type { ModelPrices } from '../../src/pricing/price-table.ts';
import { type PriceRow, computeCost, lookupPrice } from '../../src/pricing/cost.ts';
import type { Usage } from '../../src/core/usage/usage.ts';
import { builtinPrices } from '../../src/pricing/builtin/table.ts';
import { RESELLERS } from '../../src/core/model/provider-names.ts';
import { TABLE_PROVIDERS } from '../../src/pricing/sources/source.ts';
import { readPriceCatalog } from '../../src/files/price-catalog.ts';
import { fc, cheapRuns } from '../helpers/fast-check.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const table = builtinPrices();
const CATALOG = readPriceCatalog().trimEnd();
const everyEntry: readonly ModelPrices[] = table.others?.all() ?? [];
const entries = everyEntry.filter(({ provider = '' }) => !RESELLERS.includes(provider));
const everyRow = everyEntry.flatMap((entry) => entry.rows());
const rows = entries.flatMap((entry) => entry.rows());
const NOW = Date.parse('2026-11-20T12:00:00Z');

test('the committed table is what its sources give', () => {
  const script = 'scripts/generate-prices.mjs';
  const { status, stderr } = spawnSync(process.execPath, [script, '--check'], { cwd: root });
  expect({ status, stderr: String(stderr) }).toEqual({ status: 0, stderr: '' });
});

/** Vendors that serve other makers' models too. */
const HOSTS = ['google', 'groq', 'kimi-coding', 'meta', 'mistral', 'perplexity', 'voyageai'];

describe('every row', () => {
  test('there are models of every provider', () => {
    expect(entries.length).toBeGreaterThan(200);
    const providers = [...new Set(everyEntry.map(({ provider }) => provider ?? ''))];
    expect(providers).toStrictEqual(TABLE_PROVIDERS.filter((name) => providers.includes(name)));
    // The other providers repeat the vendors' prices, or sell by subscription.
    expect(TABLE_PROVIDERS.filter((name) => !providers.includes(name))).toStrictEqual([
      'openai-codex',
    ]);
  });

  test('is read: none is malformed', () => {
    const periods = CATALOG.split('\n').flatMap((line) => line.split('|')[1]?.split(';') ?? []);
    expect(everyRow).toHaveLength(periods.length);
  });

  test('names its source and its date, and has an id of its own', () => {
    for (const row of everyRow) {
      expect(row.source).toMatch(/genai-prices|pi-ai|price page/);
      expect(row.sourceDate).toMatch(/^20\d\d-\d\d-\d\d$/);
      expect(row.provider).toBeDefined();
    }
    expect(new Set(everyRow.map((row) => row.id)).size).toBe(everyRow.length);
  });

  test('has prices that make sense', () => {
    for (const row of rows) {
      for (const rates of [row, ...(row.longPrompt === null ? [] : [row.longPrompt])]) {
        expect(rates.cacheRead).toBeLessThanOrEqual(rates.input);
        // MiniMax's fast variants cost more, except for the cache.
        const least = row.provider === 'minimax' ? rates.input / 2 : rates.input;
        expect(rates.cacheWrite5m).toBeGreaterThanOrEqual(least);
        expect(rates.input).toBeLessThanOrEqual(150e9);
        expect(rates.output).toBeLessThanOrEqual(600e9);
      }
      expect(row.longPrompt?.input ?? row.input).toBeGreaterThanOrEqual(row.input);
    }
  });

  test('has a period that ends where the next begins', () => {
    for (const entry of everyEntry) {
      const own = entry.rows().filter((row) => row.hours === undefined);
      expect(own.map((row) => row.toMs)).toStrictEqual([
        ...own.slice(1).map((row) => row.fromMs),
        null,
      ]);
      expect(own[0]?.fromMs).toBeNull();
    }
  });

  test('is found by its model’s name, whose provider is told by the name or the row', () => {
    for (const { model, provider = null } of entries) {
      const found = lookupPrice(table, model, NOW, 'none', { provider });
      expect([found.row?.model, found.row?.provider, found.basis]).toStrictEqual([
        model,
        provider,
        'exact',
      ]);
      const told = parseProvider(model);
      // Models that vendors serve besides their own, and names that show no maker.
      const isOther = told === null || HOSTS.includes(provider ?? '');
      expect(told === provider || isOther, `${provider}/${model}: ${told}`).toBe(true);
    }
  });

  test('of a reseller is found where the reseller is named', () => {
    for (const { model, provider = '' } of everyEntry) {
      const { row } = lookupPrice(table, `${provider}/${model}`, NOW, 'none');
      expect(row?.provider, `${provider}/${model}`).toBe(provider);
    }
  });

  test('no name is on one provider’s list twice', () => {
    let provider = '';
    const names = CATALOG.split('\n').flatMap((line) => {
      if (line.startsWith('@')) provider = line;
      return (line.split('|')[0] ?? '').split(',').map((name) => `${provider}/${name}`);
    });
    expect(names.filter((name, place) => names.indexOf(name) !== place)).toStrictEqual([]);
  });
});

describe('properties', () => {
  const FIELDS = [
    'inputTokens',
    'outputTokens',
    'cacheReadTokens',
    'cacheWrite5mTokens',
    'cacheWrite1hTokens',
  ] as const;
  const count = fc.nat(1_000_000);
  const usage = fc.record({
    inputTokens: count,
    outputTokens: count,
    cacheReadTokens: count,
    cacheWrite5mTokens: count,
    cacheWrite1hTokens: count,
    webSearchRequests: fc.constant(0),
  });
  const anyRow = fc.constantFrom(...everyRow);

  function cost(usage: Usage, row: PriceRow): number {
    const modifiers = { serviceTier: null, speed: null, inferenceGeo: null };
    return computeCost({ usage, modifiers, iterations: [] }, row);
  }

  test('monotone in every count', () => {
    fc.assert(
      fc.property(usage, anyRow, fc.constantFrom(...FIELDS), count, (u, row, field, more) => {
        expect(cost({ ...u, [field]: u[field] + more }, row)).toBeGreaterThanOrEqual(cost(u, row));
      }),
      cheapRuns(500),
    );
  });

  test('zero for zero usage', () => {
    const none = Object.fromEntries(FIELDS.map((field) => [field, 0])) as unknown as Usage;
    for (const row of rows) expect(cost({ ...none, webSearchRequests: 0 }, row)).toBe(0);
  });

  test('the same for every name of a model', () => {
    const dress = fc.constantFrom(
      (name: string) => ` ${name.toUpperCase()} `,
      (name: string, provider: string) => `${provider}/${name}`,
      (name: string, provider: string) => `openrouter/${provider}/${name}:nitro`,
      (name: string) => `${name}@default`,
    );
    fc.assert(
      fc.property(fc.constantFrom(...entries), dress, ({ model, provider = '' }, wear) => {
        const hints = { provider };
        const plain = lookupPrice(table, model, NOW, 'none', hints);
        const worn = lookupPrice(table, wear(model, provider), NOW, 'none', hints);
        expect(worn.row?.id).toBe(plain.row?.id);
        expect(worn.model).toBe(plain.model);
      }),
      cheapRuns(500),
    );
  });

  test('a model’s canonical name has a price too', () => {
    for (const { model, provider = null } of entries) {
      const { row } = lookupPrice(table, canonicalModel(model), NOW, 'none', { provider });
      expect(row?.provider).toBe(provider);
    }
  });
});
