import {
  MEASURES,
  type MeasureName,
  type Measures,
  noMeasures,
} from '../store/rollups/measures.ts';

/** The sums of every report, under their names in the JSON schema. Sums above 2^53 are strings. */
export interface Totals {
  requests: Sum;
  inputTokens: Sum;
  outputTokens: Sum;
  cacheReadTokens: Sum;
  cacheWrite5mTokens: Sum;
  cacheWrite1hTokens: Sum;
  webSearchRequests: Sum;
  costNanoUsd: Sum;
  costUsd: number;
  /** The part of the cost whose price was a fallback. */
  estimatedCostNanoUsd: Sum;
  /** Number of records without a cost. */
  unpricedRequests: Sum;
  /** Number of records whose output count is only a lower bound. */
  incompleteRequests: Sum;
}

export type Sum = number | string;

/**
 * One entry per dimension; null if the record has no value for it. `other: true`: the sum of the groups
 * that a limit left out.
 */
export type GroupKey = Record<string, string | boolean | null>;

export interface PlainGroup extends Totals {
  key: GroupKey;
}

export interface Group extends PlainGroup {
  /** For a session: its project's folder, its client, and the times of its first and last request. */
  project?: string | null;
  client?: string | null;
  firstAt?: string | null;
  lastAt?: string | null;
  /** By model, most expensive first; sums to the group. */
  breakdown?: PlainGroup[];
}

export interface Report {
  schemaVersion: 1;
  generatedAt: string;
  timezone: string;
  filters: Record<string, string>;
  totals: Totals;
  groups: Group[];
  /** How many of the unpriced requests have token counts that can't be read; absent: none. */
  unmeteredRequests?: number;
  /** Client totals minus recorded cost; signed, never part of totals. */
  unattributedCostNanoUsd?: Sum;
  /** Only without requests: why, and where the ledger has some. */
  note?: string;
}

export interface Overview extends Report {
  today: Totals;
  project: Totals & { name: string };
  lastSession: (Totals & { sessionId: string; project: string | null; lastAt: string }) | null;
}

const NAMES: Record<MeasureName, Exclude<keyof Totals, 'costUsd'>> = {
  requests: 'requests',
  input_tokens: 'inputTokens',
  output_tokens: 'outputTokens',
  cache_read_tokens: 'cacheReadTokens',
  cache_write_5m_tokens: 'cacheWrite5mTokens',
  cache_write_1h_tokens: 'cacheWrite1hTokens',
  web_search_requests: 'webSearchRequests',
  cost_nano_usd: 'costNanoUsd',
  estimated_cost_nano_usd: 'estimatedCostNanoUsd',
  unpriced_requests: 'unpricedRequests',
  incomplete_requests: 'incompleteRequests',
};

/** The fields of `Totals`, in order. */
export const TOTAL_FIELDS: readonly (keyof Totals)[] = MEASURES.flatMap((name) =>
  name === 'cost_nano_usd' ? [NAMES[name], 'costUsd' as const] : [NAMES[name]],
);

export function toTotals(measures: Measures): Totals {
  const totals: Partial<Totals> = {};
  for (const name of MEASURES) {
    totals[NAMES[name]] = toSum(measures[name]);
    if (name === 'cost_nano_usd') totals.costUsd = Number(measures[name]) / 1e9;
  }
  return totals as Totals;
}

/** The exact sum of the totals of groups. */
export function addedTotals(groups: readonly Totals[]): Totals {
  const sum = noMeasures();
  for (const group of groups) {
    for (const name of MEASURES) sum[name] += BigInt(group[NAMES[name]]);
  }
  return toTotals(sum);
}

/** JSON numbers are doubles: values that they can't hold exactly become strings. */
export function toSum(value: bigint): Sum {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value.toString();
}
