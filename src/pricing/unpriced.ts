import type { Rational } from '../core/money/money.ts';
import { divideHalfEvenBig } from '../core/money/money.ts';
import { type PriceTable, rowAt } from './price-table.ts';
import type { PriceFallback } from '../core/settings/price-rules.ts';

/**
 * What an amount priced at the fallback would cost at the highest price: scaled by the ratio of the two
 * output prices, rounded to a nano-USD. The token kinds of an unknown model are not known here, and output
 * is the most expensive of them.
 */
export function scaleToHighestPrice(estimatedNanoUsd: number, { num, den }: Rational): number {
  const exact = divideHalfEvenBig(BigInt(estimatedNanoUsd) * BigInt(num), BigInt(den));
  return Math.min(Number(exact), Number.MAX_SAFE_INTEGER);
}

/**
 * The highest output price among the models of the table divided by the fallback's. Models of other
 * providers count if an override names them. 1 if the fallback costs nothing, because there is nothing to
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
