import type { Rational } from '../core/money/money.ts';
import { divideHalfEvenBig } from '../core/money/money.ts';
import { type PriceTable, rowAt } from './price-table.ts';
import type { PriceFallback } from '../core/settings/price-rules.ts';

/**
 * What an amount that was counted at the fallback's price would be at the highest price: by the ratio of
 * the two prices of output, rounded to a nano-USD. Of an unknown model the kinds of tokens are not known
 * here, and output is the most expensive of them.
 */
export function scaleToHighestPrice(estimatedNanoUsd: number, { num, den }: Rational): number {
  const exact = divideHalfEvenBig(BigInt(estimatedNanoUsd) * BigInt(num), BigInt(den));
  return Math.min(Number(exact), Number.MAX_SAFE_INTEGER);
}

/**
 * The most expensive price of output among the models of the table over the fallback's. Models of other
 * providers count where an override names them. 1 where the fallback costs nothing: there is nothing to
 * scale.
 */
export function highestPriceRatio(table: PriceTable, nowMs: number): Rational {
  const fallback: PriceFallback = table.policy?.fallback ?? 'opus';
  const standIn = table.families.get(fallback)?.at(-1);
  const den = (standIn === undefined ? null : rowAt(standIn.rows(), nowMs)?.output) ?? 0;
  if (den === 0) return { num: 1, den: 1 };
  let num = den;
  for (const { rows } of table.models.values()) {
    num = Math.max(num, rowAt(rows(), nowMs)?.output ?? 0);
  }
  return { num, den };
}
