import { parseProvider } from '../core/model/model-name.ts';
import { type PriceLookup, type PriceRow, type PriceTable, lookupPrice } from '../pricing/cost.ts';
import { allModels, knownModel, newestRow } from '../pricing/overrides/merge.ts';
import type { PriceLayer } from '../pricing/layers.ts';
import { type Rates, rowAt } from '../pricing/price-table.ts';

export type { UnknownPrice } from '../store/reader.ts';
export type { RepricedModel } from '../store/records/repricer.ts';

/** USD per million tokens. */
export interface RatesJson {
  input: number;
  output: number;
  cacheWrite5m: number;
  cacheWrite1h: number;
  cacheRead: number;
}

export interface PriceJson {
  id: string;
  model: string;
  provider: string | null;
  family: string | null;
  /** ISO times; null: open. */
  from: string | null;
  to: string | null;
  usdPerMillion: RatesJson;
  fastMultiplier: number | null;
  longPrompt: (RatesJson & { abovePromptTokens: number }) | null;
  layer: PriceLayer;
  source: string;
  sourceDate: string | null;
}

export interface ShownPrice {
  asked: string;
  model: string;
  at: string;
  basis: PriceLookup['basis'] | 'none';
  /** Why this row applies, in words. */
  why: string;
  price: PriceJson | null;
  /** Every period in the table for the model that is priced. */
  periods: PriceJson[];
}

/** The row that prices a model at a time, and why. */
export function showPrice(table: PriceTable, asked: string, atMs: number): ShownPrice {
  const { row, basis, model } = lookupPrice(table, asked, atMs);
  const existing = row === null ? undefined : knownModel(table, row.model, row.provider ?? null);
  return {
    asked,
    model,
    at: new Date(atMs).toISOString(),
    basis: row === null ? 'none' : basis,
    why: explainPrice(table, asked, row, basis),
    price: row === null ? null : priceJson(row),
    periods: row === null || isRule(row) ? [] : (existing?.rows() ?? []).map(priceJson),
  };
}

function explainPrice(
  table: PriceTable,
  asked: string,
  row: PriceRow | null,
  basis: PriceLookup['basis'],
): string {
  const policy = table.policy?.fallback ?? 'opus';
  if (row === null) return `no price is known, and pricing.fallback is ${policy}`;
  if (isRule(row) && basis !== 'fallback') return `counted as zero: ${row.source}`;
  switch (basis) {
    case 'exact':
      return "the model's own price";
    case 'alias':
      return `${asked} is another name of ${row.model}`;
    case 'family':
      return 'the price of the newest model of this family at that time';
    case 'fallback':
      return policy === 'zero'
        ? 'no price is known; counted as zero: pricing.fallback'
        : `no price is known; that of ${row.model} is used (pricing.fallback: ${policy})`;
  }
}

/** The row in force of every matching model, by provider and name. */
export function listPrices(
  table: PriceTable,
  atMs: number,
  filter: { provider: string | null; text: string | null },
): PriceJson[] {
  const { provider, text } = filter;
  return allModels(table)
    .filter(({ model }) => text === null || model.includes(text))
    .flatMap((entry) => {
      const row = rowAt(entry.rows(), atMs);
      return row === null ? [] : [priceJson(row)];
    })
    .filter((price) => provider === null || price.provider === provider)
    .sort((a, b) => formatSortKey(a).localeCompare(formatSortKey(b), 'en', { numeric: true }));
}

function formatSortKey({ provider, model }: PriceJson): string {
  return `${provider ?? '~'} ${model}`;
}

export interface PriceDifference {
  model: string;
  builtin: PriceJson | null;
  updated: PriceJson;
}

/** Models whose newest row differs in the updated table. */
export function diffPrices(builtin: PriceTable, updated: PriceTable): PriceDifference[] {
  return allModels(updated).flatMap((updatedEntry) => {
    const { model, provider } = updatedEntry;
    const before = newestRow(knownModel(builtin, model, provider ?? null));
    const after = newestRow(updatedEntry);
    if (after === undefined || before?.id === after.id) return [];
    const existing = before === undefined ? null : priceJson(before);
    return [{ model, builtin: existing, updated: priceJson(after) }];
  });
}

function priceJson(row: PriceRow): PriceJson {
  const { id, model, family, fromMs, toMs, fastMultiplier, longPrompt, source, sourceDate } = row;
  const isDated = /^\d{4}-/.test(sourceDate);
  return {
    id,
    model,
    provider: row.provider ?? parseProvider(model),
    family,
    from: fromMs === null ? null : new Date(fromMs).toISOString(),
    to: toMs === null ? null : new Date(toMs).toISOString(),
    usdPerMillion: ratesJson(row),
    fastMultiplier: fastMultiplier === null ? null : fastMultiplier.num / fastMultiplier.den,
    longPrompt:
      longPrompt === null
        ? null
        : { abovePromptTokens: longPrompt.abovePromptTokens, ...ratesJson(longPrompt) },
    layer: parseLayer(id),
    source,
    sourceDate: isDated ? sourceDate : null,
  };
}

function parseLayer(id: string): PriceLayer {
  if (isRule({ id })) return 'rule';
  const layer = /@(environment|file|updated):/.exec(id)?.[1];
  return (layer as PriceLayer | undefined) ?? 'built-in';
}

/** Not a row of any table: `local`, `free-tier:google`, `zero`. */
function isRule({ id }: Pick<PriceRow, 'id'>): boolean {
  return /^(?:zero|local|free-variant|free-tier:.*)$/.test(id);
}

function ratesJson(rates: Rates): RatesJson {
  const { input, output, cacheWrite5m, cacheWrite1h, cacheRead } = rates;
  return {
    input: usd(input),
    output: usd(output),
    cacheWrite5m: usd(cacheWrite5m),
    cacheWrite1h: usd(cacheWrite1h),
    cacheRead: usd(cacheRead),
  };
}

function usd(femtoPerToken: number): number {
  return femtoPerToken / 1e9;
}
