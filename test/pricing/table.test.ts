import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { canonicalModel, parseProvider } from '../../src/core/model/model-name.ts';
import type { ModelPrices } from '../../src/pricing/price-table.ts';
import { type PriceRow, computeCost, lookupPrice } from '../../src/pricing/cost.ts';
import type { Usage } from '../../src/core/usage/usage.ts';
import { builtinPrices } from '../../src/pricing/builtin/table.ts';
import { CATALOG } from '../../src/pricing/builtin/table.generated.ts';
import { fc, cheapRuns } from '../helpers/fast-check.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const table = builtinPrices();
const entries: readonly ModelPrices[] = table.others?.all() ?? [];
const rows = entries.flatMap((entry) => entry.rows());
const NOW = Date.parse('2026-11-20T12:00:00Z');

test('the committed table is what its sources give', () => {
  const script = 'scripts/generate-prices.mjs';
  const { status, stderr } = spawnSync(process.execPath, [script, '--check'], { cwd: root });
  expect({ status, stderr: String(stderr) }).toEqual({ status: 0, stderr: '' });
});

describe('every row', () => {
  test('there are models of every provider', () => {
    expect(entries.length).toBeGreaterThan(200);
    expect([...new Set(entries.map((entry) => entry.provider))]).toStrictEqual([
      'deepseek',
      'google',
      'groq',
      'mistral',
      'openai',
      'xai',
    ]);
  });

  test('is read: none is malformed', () => {
    const periods = CATALOG.split('\n').flatMap((line) => line.split('|')[1]?.split(';') ?? []);
    expect(rows).toHaveLength(periods.length);
  });

  test('names its source and its date, and has an id of its own', () => {
    for (const row of rows) {
      expect(row.source).toMatch(/genai-prices|pi-ai|price page/);
      expect(row.sourceDate).toMatch(/^20\d\d-\d\d-\d\d$/);
      expect(row.provider).toBeDefined();
    }
    expect(new Set(rows.map((row) => row.id)).size).toBe(rows.length);
  });

  test('has prices that make sense', () => {
    for (const row of rows) {
      for (const rates of [row, ...(row.longPrompt === null ? [] : [row.longPrompt])]) {
        expect(rates.cacheRead).toBeLessThanOrEqual(rates.input);
        expect(rates.cacheWrite5m).toBeGreaterThanOrEqual(rates.input);
        expect(rates.input).toBeLessThanOrEqual(150e9);
        expect(rates.output).toBeLessThanOrEqual(600e9);
      }
      expect(row.longPrompt?.input ?? row.input).toBeGreaterThanOrEqual(row.input);
    }
  });

  test('has a period that ends where the next begins', () => {
    for (const entry of entries) {
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
      // Models of others that Groq and Mistral serve.
      expect(told === provider || ['groq', 'mistral'].includes(provider ?? '')).toBe(true);
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
  const anyRow = fc.constantFrom(...rows);

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
