import { type Exact, type Rational, plus, times, toNanoUsd } from '../core/money/money.ts';
import type { PriceRow, Rates } from './price-table.ts';
import type { Iteration, ParsedUsage } from '../core/usage/usage.ts';
import { searchesNanoUsd } from '../core/usage/usual-cost.ts';

export { type PriceLookup, lookupPrice } from './lookup.ts';
export type { PriceRow, PriceTable } from './price-table.ts';

/** The facts about a request that `costOf` needs. */
export type Billable = Pick<ParsedUsage, 'usage' | 'modifiers' | 'iterations'>;

const GEO_US: Rational = { num: 11, den: 10 };
const BATCH: Rational = { num: 1, den: 2 };

/**
 * The cost of one request in integer nano-USD, rounded half-even once. Multipliers apply to tokens;
 * searches are added afterwards at full price. Never throws.
 */
export function computeCost(billable: Billable, row: PriceRow): number {
  const { input, output, cacheRead, cacheWrite, factor } = computeAmounts(billable, row);
  const tokens = plus(plus(plus(input, output), cacheRead), cacheWrite);
  const searches = searchesNanoUsd(billable.usage);
  return Math.min(Number(plus(toNanoUsd(tokens, factor), searches)), Number.MAX_SAFE_INTEGER);
}

/** The cost of the tokens of each kind, in femto-USD before the factor. */
export interface TokenAmounts {
  input: Exact;
  output: Exact;
  cacheRead: Exact;
  /** Cache writes for 5 minutes and for 1 hour. */
  cacheWrite: Exact;
}

export function computeAmounts(
  { usage, modifiers, iterations }: Billable,
  row: PriceRow,
): TokenAmounts & { factor: Rational } {
  const fast = modifiers.speed === 'fast' ? row.fastMultiplier : null;
  let factor: Rational = fast ?? { num: 1, den: 1 };
  if (modifiers.inferenceGeo === 'us') factor = multiply(factor, GEO_US);
  if (modifiers.serviceTier === 'batch') factor = multiply(factor, BATCH);
  // Fast mode has the same price for prompts of any length.
  const amounts = fast === null ? priceTiered(usage, iterations, row) : priceTokens(usage, row);
  return { ...amounts, factor };
}

function priceTiered(
  usage: Iteration,
  iterations: readonly Iteration[],
  row: PriceRow,
): TokenAmounts {
  const { longPrompt } = row;
  if (longPrompt === null) return priceTokens(usage, row);
  const ratesFor = (pass: Iteration): Rates =>
    promptTokens(pass) > longPrompt.abovePromptTokens ? longPrompt : row;
  if (iterations.length < 2) return priceTokens(usage, ratesFor(usage));
  return iterations
    .map((pass) => priceTokens(pass, ratesFor(pass)))
    .reduce((a, b) => ({
      input: plus(a.input, b.input),
      output: plus(a.output, b.output),
      cacheRead: plus(a.cacheRead, b.cacheRead),
      cacheWrite: plus(a.cacheWrite, b.cacheWrite),
    }));
}

function promptTokens(pass: Iteration): number {
  const { inputTokens, cacheReadTokens, cacheWrite5mTokens, cacheWrite1hTokens } = pass;
  return inputTokens + cacheReadTokens + cacheWrite5mTokens + cacheWrite1hTokens;
}

function priceTokens(pass: Iteration, rates: Rates): TokenAmounts {
  return {
    input: times(rates.input, pass.inputTokens),
    output: times(rates.output, pass.outputTokens),
    cacheRead: times(rates.cacheRead, pass.cacheReadTokens),
    cacheWrite: plus(
      times(rates.cacheWrite5m, pass.cacheWrite5mTokens),
      times(rates.cacheWrite1h, pass.cacheWrite1hTokens),
    ),
  };
}

function multiply(a: Rational, b: Rational): Rational {
  return { num: a.num * b.num, den: a.den * b.den };
}
