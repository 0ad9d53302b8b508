import { type Exact, type Rational, plus, times, toNanoUsd } from './money.ts';
import { bareModel, canonicalModel } from './model-name.ts';
import type { PriceFallback, PriceRow, PriceTable, Rates } from './price-table.ts';
import type { Iteration, ParsedUsage } from './usage.ts';

export type { PriceFallback, PriceRow, PriceTable } from './price-table.ts';

/**
 * How a row was found: `exact` by the model's own name, dated or prefixed or not; `alias` by
 * another name that is known to mean it; `family` where the name was the family's ("opus");
 * `fallback` where the model has no price and another's stands in.
 */
type LookupBasis = 'exact' | 'alias' | 'family' | 'fallback';

export interface PriceLookup {
  /** Null only where the fallback is `none` or the table is empty. */
  row: PriceRow | null;
  basis: LookupBasis;
  /** Canonical name of the model that was asked for; of the one priced, where that was a family. */
  model: string;
}

/**
 * The price of a model at the time of a request. A name matches as a whole, once prefixes and
 * trailers are off: `claude-sonnet-5` prices neither `claude-sonnet-5-5` nor `claude-sonnet-6`.
 * An unknown Claude of a known family is priced as its family's newest (but for `zero` and
 * `none`), any other unknown model as `fallback` says. Never throws.
 */
export function lookupPrice(
  table: PriceTable,
  rawModel: string,
  atMs: number,
  fallback: PriceFallback = table.policy?.fallback ?? 'opus',
): PriceLookup {
  const bare = bareModel(rawModel);
  const model = canonicalModel(rawModel);
  const retired = table.retired.get(asAsked(rawModel));
  if (retired !== undefined && atMs >= retired.fromMs) {
    const row = newestOf(table, retired.family, atMs);
    if (row !== null) return { row, basis: 'alias', model };
  }
  const own = table.models.get(model);
  if (own !== undefined) {
    // The canonical name of generation 3 or `-0` may differ in spelling only.
    return { row: rowAt(own.rows(), atMs), basis: model === bare ? 'exact' : 'alias', model };
  }
  const meant = table.spellings.get(model);
  const known = meant === undefined ? undefined : table.models.get(meant);
  if (meant !== undefined && known !== undefined) {
    return { row: rowAt(known.rows(), atMs), basis: 'alias', model: meant };
  }
  const ofFamily = newestOf(table, model.replace(/^claude-/, ''), atMs);
  if (ofFamily !== null) return { row: ofFamily, basis: 'family', model: ofFamily.model };
  return { row: standIn(table, model, atMs, fallback), basis: 'fallback', model };
}

/** As the user names a model to the vendor itself; a cloud's or router's name is another. */
function asAsked(rawModel: string): string {
  const name = rawModel.trim().toLowerCase();
  return name.endsWith('[1m]') ? name.slice(0, -4) : name;
}

/** A request older than a model's first row (or at no time at all) still has a price. */
function rowAt(rows: readonly PriceRow[], atMs: number): PriceRow | null {
  return rows.findLast((row) => !isAfter(row.fromMs, atMs)) ?? rows[0] ?? null;
}

function newestOf(table: PriceTable, family: string, atMs: number): PriceRow | null {
  const members = table.families.get(family) ?? [];
  const newest = members.findLast((entry) => !isAfter(entry.releasedMs, atMs)) ?? members[0];
  return newest === undefined ? null : rowAt(newest.rows(), atMs);
}

function isAfter(startMs: number | null, atMs: number): boolean {
  return startMs !== null && startMs > atMs;
}

function standIn(
  table: PriceTable,
  model: string,
  atMs: number,
  fallback: PriceFallback,
): PriceRow | null {
  if (fallback === 'none') return null;
  if (fallback === 'zero') return { ...FREE, model };
  const parts = model.startsWith('claude-') ? model.split('-') : [];
  const family = parts.find((part) => table.families.has(part)) ?? fallback;
  return newestOf(table, family, atMs);
}

const FREE: Omit<PriceRow, 'model'> = {
  id: 'zero',
  family: null,
  fromMs: null,
  toMs: null,
  input: 0,
  output: 0,
  cacheWrite5m: 0,
  cacheWrite1h: 0,
  cacheRead: 0,
  fastMultiplier: null,
  longPrompt: null,
  source: 'pricing.fallback: zero',
  sourceDate: '',
};

/** What `costOf` needs to know of a request. */
export type Billable = Pick<ParsedUsage, 'usage' | 'modifiers' | 'iterations'>;

/** $0.01 per search, in nano-USD. Page fetches and code execution are free. */
const NANO_USD_PER_SEARCH = 10_000_000;
const GEO_US: Rational = { num: 11, den: 10 };
const BATCH: Rational = { num: 1, den: 2 };

/**
 * The cost of one request in integer nano-USD, rounded half-even once. Multipliers apply to
 * tokens; searches are full price after all of them. Never throws.
 */
export function costOf({ usage, modifiers, iterations }: Billable, row: PriceRow): number {
  const fast = modifiers.speed === 'fast' ? row.fastMultiplier : null;
  let factor: Rational = fast ?? { num: 1, den: 1 };
  if (modifiers.inferenceGeo === 'us') factor = multiply(factor, GEO_US);
  if (modifiers.serviceTier === 'batch') factor = multiply(factor, BATCH);
  // Fast mode has one price whatever the prompt's length.
  const tokens = fast === null ? priceTiered(usage, iterations, row) : priceTokens(usage, row);
  const searches = times(NANO_USD_PER_SEARCH, usage.webSearchRequests);
  return Math.min(Number(plus(toNanoUsd(tokens, factor), searches)), Number.MAX_SAFE_INTEGER);
}

function priceTiered(usage: Iteration, iterations: readonly Iteration[], row: PriceRow): Exact {
  const { longPrompt } = row;
  if (longPrompt === null) return priceTokens(usage, row);
  const ratesFor = (pass: Iteration): Rates =>
    promptTokens(pass) > longPrompt.abovePromptTokens ? longPrompt : row;
  if (iterations.length < 2) return priceTokens(usage, ratesFor(usage));
  return iterations.reduce<Exact>((sum, pass) => plus(sum, priceTokens(pass, ratesFor(pass))), 0);
}

function promptTokens(pass: Iteration): number {
  const { inputTokens, cacheReadTokens, cacheWrite5mTokens, cacheWrite1hTokens } = pass;
  return inputTokens + cacheReadTokens + cacheWrite5mTokens + cacheWrite1hTokens;
}

function priceTokens(pass: Iteration, rates: Rates): Exact {
  let sum = times(rates.input, pass.inputTokens);
  sum = plus(sum, times(rates.output, pass.outputTokens));
  sum = plus(sum, times(rates.cacheRead, pass.cacheReadTokens));
  sum = plus(sum, times(rates.cacheWrite5m, pass.cacheWrite5mTokens));
  return plus(sum, times(rates.cacheWrite1h, pass.cacheWrite1hTokens));
}

function multiply(a: Rational, b: Rational): Rational {
  return { num: a.num * b.num, den: a.den * b.den };
}
