import { COUNT_COLUMNS } from '../rollups/measures.ts';
import { type DraftColumns, PART_COLUMNS } from './row.ts';

/**
 * Best first. If programs with different price tables write to one ledger, the better basis wins. First is the
 * one that does not depend on prices: a request without counts has no cost, whatever the table.
 */
const BASES = [
  'unmetered',
  'provider',
  'exact',
  'alias',
  'family',
  'estimated',
  'fallback',
  'none',
];

type Priced = Pick<DraftColumns, 'price_basis' | 'price_dated'>;

/** The columns that a price is computed from. */
const BILLED: readonly (keyof DraftColumns)[] = [
  'model_raw',
  'occurred_at_ms',
  ...COUNT_COLUMNS,
  'service_tier',
  'speed',
  'inference_geo',
  'metadata',
];

/** Columns that depend on a price table. */
const PRICED = [
  'cost_nano_usd',
  'price_id',
  'price_basis',
  'price_dated',
  'model',
  'provider',
  'model_class',
] as const;

/** Below 0: `a` is the better basis. An unknown basis is the worst. */
export function compareBases(a: string, b: string): number {
  return rankBasis(a) - rankBasis(b);
}

function rankBasis(basis: string): number {
  const rank = BASES.indexOf(basis);
  return rank < 0 ? BASES.length : rank;
}

/** Whether a price replaces another one of the same request: better basis, else newer table. */
function beats(a: Priced, b: Priced): boolean {
  const order = compareBases(a.price_basis, b.price_basis);
  return order === 0 ? (a.price_dated ?? '') > (b.price_dated ?? '') : order < 0;
}

/** If only the price changes, the stored one is kept unless the new one beats it. */
export function preferBetterPrice(next: DraftColumns, stored: DraftColumns): void {
  if (!BILLED.every((name) => next[name] === stored[name]) || beats(next, stored)) return;
  const isSameCost = next.cost_nano_usd === stored.cost_nano_usd;
  for (const name of PRICED) Object.assign(next, { [name]: stored[name] });
  if (isSameCost && stored.output_cost_nano_usd === null) return;
  for (const name of PART_COLUMNS) Object.assign(next, { [name]: stored[name] });
}
