import { splitInProportion } from './attribute/split.ts';
import type { Rational } from './money.ts';
import { type Billable, type TokenAmounts, amountsOf, searchesNanoUsd } from './price.ts';
import type { PriceRow } from './price-table.ts';
import type { Usage } from './usage.ts';

/** What each kind of tokens cost of a request, integer nano-USD; together they are its cost, exactly. */
export interface CostParts {
  inputCostNanoUsd: number;
  outputCostNanoUsd: number;
  cacheReadCostNanoUsd: number;
  cacheWriteCostNanoUsd: number;
  webSearchCostNanoUsd: number;
}

/** Where nothing tells a request's price: what Claude's kinds of tokens cost beside each other. */
const USUAL = { input: 20, output: 100, cacheRead: 2, cacheWrite5m: 25, cacheWrite1h: 40 };

const FEMTO_PER_NANO = 1_000_000;

/** @param row null where the cost is the provider's own figure, or the price is not known any more */
export function costPartsOf(
  costNanoUsd: number,
  billable: Billable,
  row: PriceRow | null,
): CostParts {
  const { usage } = billable;
  if (row === null) return usualPartsOf(costNanoUsd, usage);
  const searches = searchesOf(costNanoUsd, usage);
  const tokens = costNanoUsd - searches;
  const parts = roundedParts(tokens, amountsOf(billable, row));
  return named(parts ?? usualParts(tokens, usage), searches);
}

/** The parts of a cost of which only the counts tell. */
export function usualPartsOf(costNanoUsd: number, usage: Usage): CostParts {
  const searches = searchesOf(costNanoUsd, usage);
  return named(usualParts(costNanoUsd - searches, usage), searches);
}

function searchesOf(costNanoUsd: number, usage: Usage): number {
  return Math.min(Number(searchesNanoUsd(usage)), costNanoUsd);
}

function named(
  [input = 0, output = 0, cacheRead = 0, cacheWrite = 0]: readonly number[],
  searches: number,
): CostParts {
  return {
    inputCostNanoUsd: input,
    outputCostNanoUsd: output,
    cacheReadCostNanoUsd: cacheRead,
    cacheWriteCostNanoUsd: cacheWrite,
    webSearchCostNanoUsd: searches,
  };
}

/** The amounts in whole nano-USD; null where they are not what the cost was computed from. */
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
  // Four parts were rounded down, their sum to the nearest: up to four nano-USD are left.
  if (left < 0 || left > 4) return splitInProportion(tokensNanoUsd, exact.map(Math.round));
  for (let given = 0; given < left; given++) {
    const remainders = exact.map((value, index) => value - (parts[index] ?? 0));
    const largest = remainders.indexOf(Math.max(...remainders));
    parts[largest] = (parts[largest] ?? 0) + 1;
  }
  return parts;
}

/** What no tokens cost is input's. */
function usualParts(tokensNanoUsd: number, usage: Usage): number[] {
  const weights = [
    usage.inputTokens * USUAL.input,
    usage.outputTokens * USUAL.output,
    usage.cacheReadTokens * USUAL.cacheRead,
    usage.cacheWrite5mTokens * USUAL.cacheWrite5m + usage.cacheWrite1hTokens * USUAL.cacheWrite1h,
  ];
  return splitInProportion(tokensNanoUsd, weights) ?? [tokensNanoUsd];
}
