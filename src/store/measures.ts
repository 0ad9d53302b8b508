/** What reports add up, in the order of the columns in `rollups`, `sessions` and `rollup_pending`. */
export const MEASURES = [
  'requests',
  'input_tokens',
  'output_tokens',
  'cache_read_tokens',
  'cache_write_5m_tokens',
  'cache_write_1h_tokens',
  'web_search_requests',
  'cost_nano_usd',
  'estimated_cost_nano_usd',
  'unpriced_requests',
  'incomplete_requests',
] as const;

export type MeasureName = (typeof MEASURES)[number];

/**
 * A measure summed over rows of `cost_records`. Migration 001 has its own table of them: what a
 * released step does never changes.
 * @param alias of the table in the query; empty where it has none
 */
export function measureExpression(name: MeasureName, alias = ''): string {
  const at = alias === '' ? '' : `${alias}.`;
  switch (name) {
    case 'requests':
      return 'count(*)';
    case 'estimated_cost_nano_usd':
      return `coalesce(sum(iif(${at}price_basis = 'fallback', ${at}cost_nano_usd, 0)), 0)`;
    case 'unpriced_requests':
      return `coalesce(sum(${at}cost_nano_usd IS NULL), 0)`;
    case 'incomplete_requests':
      return `coalesce(sum(${at}is_output_final = 0), 0)`;
    default:
      return `coalesce(sum(${at}${name}), 0)`;
  }
}

/** Sums as they come from the ledger: exact, also beyond 2^53. */
export type Measures = Record<MeasureName, bigint>;

export function noMeasures(): Measures {
  return Object.fromEntries(MEASURES.map((name) => [name, 0n])) as Measures;
}

export function addMeasures(to: Measures, what: Measures): void {
  for (const name of MEASURES) to[name] += what[name];
}
