/** The counts that a request is billed by. */
export const COUNT_COLUMNS = [
  'input_tokens',
  'output_tokens',
  'cache_read_tokens',
  'cache_write_5m_tokens',
  'cache_write_1h_tokens',
  'web_search_requests',
] as const;

/** What reports sum, in the order of the columns in `rollups`, `sessions` and `rollup_pending`. */
export const MEASURES = [
  'requests',
  ...COUNT_COLUMNS,
  'cost_nano_usd',
  'estimated_cost_nano_usd',
  'unpriced_requests',
  'incomplete_requests',
] as const;

export type MeasureName = (typeof MEASURES)[number];

/** Sums from the ledger, exact even beyond 2^53. */
export type Measures = Record<MeasureName, bigint>;

const NONE = Object.fromEntries(MEASURES.map((name) => [name, 0n])) as Measures;

/** Copying an object is faster than building one of the same shape name by name. */
export function noMeasures(): Measures {
  return { ...NONE };
}

export function addMeasures(to: Measures, addend: Measures): void {
  for (const name of MEASURES) to[name] += addend[name];
}

/**
 * The sum of a measure over rows of `cost_records`. Migrations have their own copy: a released step
 * never changes.
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

/** The sums over rows, each named after its measure. */
export function recordSums(row: string): string {
  return MEASURES.map((name) => `${measureExpression(name, row)} AS ${name}`).join(', ');
}

/** The sums over rows of a table whose columns are measures. */
export const ADDED_SUMS = MEASURES.map((name) => `sum(${name}) AS ${name}`).join(', ');

/** Pending bookings, summed by quarter hour, session and the columns that roll-ups are keyed by. */
export type GroupedRow = Record<MeasureName, number> & {
  quarter_ms: number;
  session_id: string;
  first_at_ms: number;
  last_at_ms: number;
  /** Number of bookings of deleted or changed records. */
  gone: number;
  [group: string]: string | number | null;
};
