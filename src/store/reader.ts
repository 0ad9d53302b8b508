import { MEASURES, type Measures } from './measures.ts';
import type { Ledger } from './open.ts';
import { EXPRESSIONS, type RecordDimension } from './record-dimensions.ts';
import { type RollupRange, coverRange } from './rollup-range.ts';
import { QUARTER_HOUR_MS, ROLLUP_DIMENSIONS } from './rollup.ts';

/** Which records a report is about; null means all. */
export interface RecordFilter {
  sessionId: string | null;
  projectRoot: string | null;
  model: string | null;
  agent: string | null;
  agentType: string | null;
  tool: string | null;
  branch: string | null;
  /** First millisecond that counts. */
  sinceMs: number | null;
  /** First millisecond that does not count any more. */
  untilMs: number | null;
}

export const NO_FILTER: RecordFilter = {
  sessionId: null,
  projectRoot: null,
  model: null,
  agent: null,
  agentType: null,
  tool: null,
  branch: null,
  sinceMs: null,
  untilMs: null,
};

export interface SummedRow {
  keys: Partial<Record<RecordDimension, string | null>>;
  /** Start of the quarter of an hour; null where no time was asked for. */
  quarterMs: number | null;
  measures: Measures;
}

/** What a model without a price was counted at. */
export interface UnknownPrice {
  model: string;
  priceBasis: 'fallback' | 'none';
  requests: number;
  costNanoUsd: number;
  promptTokens: number;
  outputTokens: number;
  lastAtMs: number;
}

export interface SessionFacts {
  sessionId: string;
  lastAtMs: number;
  project: string | null;
}

const FILTERS: Record<keyof RecordFilter, string> = {
  sessionId: 'r.session_id = ?',
  projectRoot: 'p.root = ?',
  model: 'r.model = ?',
  agent: 'r.agent_id = ?',
  agentType: 'r.agent_type = ?',
  tool: 'r.tool_name = ?',
  branch: 'r.git_branch = ?',
  sinceMs: 'r.occurred_at_ms >= ?',
  untilMs: 'r.occurred_at_ms < ?',
};

const RECORD_SUMS = MEASURES.map((name) => `${recordMeasure(name)} AS ${name}`).join(', ');
const ROLLUP_SUMS = MEASURES.map((name) => `sum(${name}) AS ${name}`).join(', ');

function recordMeasure(name: (typeof MEASURES)[number]): string {
  switch (name) {
    case 'requests':
      return 'count(*)';
    case 'cost_nano_usd':
      return 'coalesce(sum(r.cost_nano_usd), 0)';
    case 'estimated_cost_nano_usd':
      return `coalesce(sum(iif(r.price_basis = 'fallback', r.cost_nano_usd, 0)), 0)`;
    case 'unpriced_requests':
      return 'coalesce(sum(r.cost_nano_usd IS NULL), 0)';
    case 'incomplete_requests':
      return 'coalesce(sum(r.is_output_final = 0), 0)';
    default:
      return `coalesce(sum(r.${name}), 0)`;
  }
}

type SqlRow = Record<string, string | bigint | null>;

/** The ledger's only reader. Asynchronous: a team's database answers the same questions. */
export class LedgerReader {
  readonly #db: Ledger;

  constructor(db: Ledger) {
    this.#db = db;
  }

  /** Sums of all records that pass the filter, by dimensions and, if asked for, by quarter of an hour. */
  async sums(
    filter: RecordFilter,
    by: readonly RecordDimension[],
    byTime: boolean,
  ): Promise<SummedRow[]> {
    const fast = this.#rollupSums(filter, by, byTime);
    return fast ?? this.rowSums(filter, by, byTime);
  }

  /** The same from the rows alone: what the roll-ups are verified against. */
  async rowSums(
    filter: RecordFilter,
    by: readonly RecordDimension[],
    byTime: boolean,
  ): Promise<SummedRow[]> {
    const keys = by.map((name, index) => `${EXPRESSIONS[name]} AS k${index}`);
    const quarter = `r.occurred_at_ms - r.occurred_at_ms % ${QUARTER_HOUR_MS}`;
    if (byTime) keys.push(`${quarter} AS quarter_ms`);
    const { where, values } = conditions(filter);
    const sql = `SELECT ${[...keys, RECORD_SUMS].join(', ')}
      FROM cost_records r LEFT JOIN projects p ON p.id = r.project_id ${where}
      ${keys.length > 0 ? `GROUP BY ${keys.map((_, index) => index + 1).join(', ')}` : ''}`;
    return this.#rows(sql, values, by);
  }

  async lastSession(): Promise<SessionFacts | null> {
    const row = this.#db
      .prepare(
        `SELECT session_id, last_at_ms FROM sessions WHERE requests > 0
         ORDER BY last_at_ms DESC, session_id LIMIT 1`,
      )
      .get() as { session_id: string; last_at_ms: number } | undefined;
    if (row === undefined) return null;
    const project = this.#db
      .prepare(
        `SELECT p.root FROM cost_records r JOIN projects p ON p.id = r.project_id
         WHERE r.session_id = ? ORDER BY r.occurred_at_ms DESC LIMIT 1`,
      )
      .pluck()
      .get(row.session_id) as string | undefined;
    return {
      sessionId: row.session_id,
      lastAtMs: row.last_at_ms,
      project: project ?? null,
    };
  }

  /** Sessions whose id starts with a text. */
  async sessionsLike(prefix: string): Promise<string[]> {
    return this.#db
      .prepare(
        `SELECT DISTINCT session_id FROM cost_records
         WHERE session_id >= ? AND session_id < ? LIMIT 3`,
      )
      .pluck()
      .all(prefix, `${prefix}\u{10FFFF}`) as string[];
  }

  /**
   * What the client says that a session cost, nano-USD: its last word less its baseline. A fork
   * goes on counting from its parent's last word before the fork was born.
   * @returns null where the client said nothing
   */
  async clientSpend(sessionId: string): Promise<bigint | null> {
    const last = this.#clientWord(sessionId, null, null);
    if (last === null) return null;
    const session = this.#db
      .prepare('SELECT born_at_ms, parent_session_id FROM sessions WHERE session_id = ?')
      .get(sessionId) as
      | { born_at_ms: number | null; parent_session_id: string | null }
      | undefined;
    const parent = session?.parent_session_id ?? null;
    if (parent === null) return last.cost;
    const baseline = this.#clientWord(parent, last.startedAtMs, session?.born_at_ms ?? null);
    return last.cost - (baseline?.cost ?? 0n);
  }

  /** A session's last cost-state, of one counter and before a time if they are given. */
  #clientWord(
    sessionId: string,
    startedAtMs: number | null,
    beforeMs: number | null,
  ): { cost: bigint; startedAtMs: number } | null {
    const row = this.#db
      .prepare(
        `SELECT sum(cost_nano_usd) AS cost, started_at_ms FROM client_totals
         WHERE session_id = @sessionId AND (@startedAtMs IS NULL OR started_at_ms = @startedAtMs)
           AND (@beforeMs IS NULL OR started_at_ms + elapsed_ms <= @beforeMs)
         GROUP BY started_at_ms, elapsed_ms ORDER BY started_at_ms + elapsed_ms DESC, cost DESC LIMIT 1`,
      )
      .safeIntegers()
      .get({ sessionId, startedAtMs, beforeMs }) as
      | { cost: bigint; started_at_ms: bigint }
      | undefined;
    return row === undefined ? null : { cost: row.cost, startedAtMs: Number(row.started_at_ms) };
  }

  /** Models of rows priced by a fallback, or without a price. */
  async unpricedModels(filter: RecordFilter): Promise<string[]> {
    const { where, values } = conditions(filter);
    return this.#db
      .prepare(
        `SELECT DISTINCT r.model FROM cost_records r LEFT JOIN projects p ON p.id = r.project_id
         ${where === '' ? 'WHERE' : `${where} AND`} r.price_basis IN ('fallback', 'none') ORDER BY 1`,
      )
      .pluck()
      .all(...values) as string[];
  }

  /** Requests priced by a fallback or not at all, by model, the most expensive first. */
  async unknownPrices(): Promise<UnknownPrice[]> {
    return this.#db
      .prepare(
        `SELECT model, price_basis AS priceBasis, count(*) AS requests,
           coalesce(sum(cost_nano_usd), 0) AS costNanoUsd,
           sum(input_tokens + cache_read_tokens + cache_write_5m_tokens + cache_write_1h_tokens)
             AS promptTokens,
           sum(output_tokens) AS outputTokens, max(occurred_at_ms) AS lastAtMs
         FROM cost_records WHERE price_basis IN ('fallback', 'none')
         GROUP BY 1, 2 ORDER BY costNanoUsd DESC, requests DESC, model`,
      )
      .all() as UnknownPrice[];
  }

  #rollupSums(
    filter: RecordFilter,
    by: readonly RecordDimension[],
    byTime: boolean,
  ): SummedRow[] | null {
    const { sinceMs, untilMs, ...rest } = filter;
    if (by.length > 1 || Object.values(rest).some((value) => value !== null)) return null;
    const dimension = by[0] ?? 'all';
    if (!(dimension in ROLLUP_DIMENSIONS)) return null;
    const ranges = coverRange(sinceMs, untilMs, byTime);
    if (ranges === null) return null;
    const isProject = dimension === 'project';
    const key = isProject ? 'p.root' : `nullif(key, '')`;
    const keys = by.length > 0 ? [`${key} AS k0`] : [];
    if (byTime) keys.push('bucket_ms AS quarter_ms');
    const where = ranges.map(rangeCondition).join(' OR ');
    const sql = `SELECT ${[...keys, ROLLUP_SUMS].join(', ')} FROM rollups
      ${isProject ? `LEFT JOIN projects p ON p.id = CAST(key AS INTEGER)` : ''}
      WHERE dimension = '${dimension}' AND (${where || 'false'})
      ${keys.length > 0 ? `GROUP BY ${keys.map((_, index) => index + 1).join(', ')}` : ''}
      HAVING sum(requests) > 0`;
    return this.#rows(sql, [], by);
  }

  #rows(sql: string, values: unknown[], by: readonly RecordDimension[]): SummedRow[] {
    const rows = this.#db
      .prepare(sql)
      .safeIntegers()
      .all(...values) as SqlRow[];
    return rows.map((row) => ({
      keys: Object.fromEntries(by.map((name, index) => [name, row[`k${index}`] as string | null])),
      quarterMs: row['quarter_ms'] === undefined ? null : Number(row['quarter_ms']),
      measures: Object.fromEntries(
        MEASURES.map((name) => [name, BigInt(row[name] ?? 0)]),
      ) as Measures,
    }));
  }
}

/** A filter as a condition over `cost_records r` and `projects p`. */
export function conditions(filter: RecordFilter): { where: string; values: (string | number)[] } {
  const set = (Object.entries(filter) as [keyof RecordFilter, string | number | null][]).filter(
    (entry): entry is [keyof RecordFilter, string | number] => entry[1] !== null,
  );
  if (set.length === 0) return { where: '', values: [] };
  return {
    where: `WHERE ${set.map(([name]) => FILTERS[name]).join(' AND ')}`,
    values: set.map(([, value]) => value),
  };
}

function rangeCondition({ grain, fromMs, beforeMs }: RollupRange): string {
  return `(grain = '${grain}' AND bucket_ms >= ${fromMs} AND bucket_ms < ${beforeMs})`;
}
