/** What a request was billed by. */
export const COUNT_COLUMNS = [
  'input_tokens',
  'output_tokens',
  'cache_read_tokens',
  'cache_write_5m_tokens',
  'cache_write_1h_tokens',
  'web_search_requests',
] as const;

/** What reports add up, in the order of the columns in `rollups`, `sessions` and `rollup_pending`. */
export const MEASURES = [
  'requests',
  ...COUNT_COLUMNS,
  'cost_nano_usd',
  'estimated_cost_nano_usd',
  'unpriced_requests',
  'incomplete_requests',
] as const;

export type MeasureName = (typeof MEASURES)[number];

/** Sums as they come from the ledger: exact, also beyond 2^53. */
export type Measures = Record<MeasureName, bigint>;

const NONE = Object.fromEntries(MEASURES.map((name) => [name, 0n])) as Measures;

/** A copy of one object is made faster than another one of the same kind, name by name. */
export function noMeasures(): Measures {
  return { ...NONE };
}

export function addMeasures(to: Measures, what: Measures): void {
  for (const name of MEASURES) to[name] += what[name];
}

/**
 * A measure's sum over rows of `cost_records`. Migrations have their own table of them: what a released
 * step does never changes.
 * @param row the table's name in the query
 */
function measureExpression(name: MeasureName, row: string): string {
  switch (name) {
    case 'requests':
      return 'count(*)';
    case 'cost_nano_usd':
      return `coalesce(sum(${row}.cost_nano_usd), 0)`;
    case 'estimated_cost_nano_usd':
      return `coalesce(sum(iif(${row}.price_basis = 'fallback', ${row}.cost_nano_usd, 0)), 0)`;
    case 'unpriced_requests':
      return `coalesce(sum(${row}.cost_nano_usd IS NULL), 0)`;
    case 'incomplete_requests':
      return `coalesce(sum(${row}.is_output_final = 0), 0)`;
    default:
      return `coalesce(sum(${row}.${name}), 0)`;
  }
}

/** The sums over rows, each under its own name. */
export function recordSums(row: string): string {
  return MEASURES.map((name) => `${measureExpression(name, row)} AS ${name}`).join(', ');
}

/** The sums over rows of a table that holds measures already. */
export const ADDED_SUMS = MEASURES.map((name) => `sum(${name}) AS ${name}`).join(', ');

/** Rows that are to be booked, summed by quarter hour, session and what roll-ups are by. */
export type GroupedRow = Record<MeasureName, number> & {
  quarter_ms: number;
  session_id: string;
  first_at_ms: number;
  last_at_ms: number;
  /** Bookings of records that went, or changed. */
  gone: number;
  [group: string]: string | number | null;
};
