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

/** Sums as they come from the ledger: exact, also beyond 2^53. */
export type Measures = Record<MeasureName, bigint>;

export function noMeasures(): Measures {
  return Object.fromEntries(MEASURES.map((name) => [name, 0n])) as Measures;
}

export function addMeasures(to: Measures, what: Measures): void {
  for (const name of MEASURES) to[name] += what[name];
}
