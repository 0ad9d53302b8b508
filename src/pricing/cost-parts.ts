import { splitInProportion } from '../core/attribution/split.ts';
import type { Rational } from '../core/money/money.ts';
import { type Billable, type TokenAmounts, computeAmounts } from './cost.ts';
import type { PriceRow } from './price-table.ts';
import {
  type CostParts,
  namedParts,
  computeSearchCost,
  usualParts,
  splitUsualCost,
} from '../core/usage/usual-cost.ts';

const FEMTO_PER_NANO = 1_000_000;

/** @param row null if the cost is the provider's own figure, or the price is no longer known */
export function splitCost(
  costNanoUsd: number,
  billable: Billable,
  row: PriceRow | null,
): CostParts {
  const { usage } = billable;
  if (row === null) return splitUsualCost(costNanoUsd, usage);
  const searches = computeSearchCost(costNanoUsd, usage);
  const tokens = costNanoUsd - searches;
  const parts = roundedParts(tokens, computeAmounts(billable, row));
  return namedParts(parts ?? usualParts(tokens, usage), searches);
}

/** The amounts in whole nano-USD; null if the cost was not computed from them. */
function roundedParts(
  tokensNanoUsd: number,
  { input, output, cacheRead, cacheWrite, factor }: TokenAmounts & { factor: Rational },
): number[] | null {
  const divisor = FEMTO_PER_NANO * factor.den;
  const exact = [input, output, cacheRead, cacheWrite].map(
    (amount) => (Number(amount) * factor.num) / divisor,
  );
  const parts = exact.map(Math.floor);
  const left = tokensNanoUsd - parts.reduce((sum, part) => sum + part, 0);
  // Four parts were rounded down and their sum to the nearest: up to four nano-USD are left over.
  if (left < 0 || left > 4) return splitInProportion(tokensNanoUsd, exact.map(Math.round));
  for (let given = 0; given < left; given++) {
    const remainders = exact.map((value, index) => value - (parts[index] ?? 0));
    const largest = remainders.indexOf(Math.max(...remainders));
    parts[largest] = (parts[largest] ?? 0) + 1;
  }
  return parts;
}
