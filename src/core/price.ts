import { type Exact, type Rational, plus, times, toNanoUsd } from './money.ts';
import type { PriceRow, Rates } from './price-table.ts';
import type { Iteration, ParsedUsage } from './usage.ts';

export { type PriceLookup, lookupPrice } from './lookup-price.ts';
export type { PriceRow, PriceTable } from './price-table.ts';

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
