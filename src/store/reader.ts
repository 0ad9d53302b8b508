import type { Ledger } from './open.ts';
import type { RecordDimension } from './record-dimensions.ts';
import { NO_FILTER, type RecordFilter } from './record-filter.ts';
import { planRollup } from './rollup-plan.ts';
import type { OnProgress } from './row-scan.ts';
import { SumReader } from './sum-reader.ts';
import type { SummedRow } from './summed-row.ts';
import type { TimeGrouping } from './time-grouping.ts';

export { NO_FILTER, type RecordFilter } from './record-filter.ts';
export type { SummedRow } from './summed-row.ts';

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

/** The ledger's only reader. Asynchronous: a team's database answers the same questions. */
export class LedgerReader {
  readonly #db: Ledger;
  readonly #sums: SumReader;

  /** @param onProgress told of where a question makes it read very many rows */
  constructor(db: Ledger, onProgress: OnProgress = () => undefined) {
    this.#db = db;
    this.#sums = new SumReader(db, onProgress);
  }

  /** Sums of all records that pass the filter, by dimensions and, if asked for, by local hour or day. */
  async sums(
    filter: RecordFilter,
    by: readonly RecordDimension[],
    time: TimeGrouping | null,
  ): Promise<SummedRow[]> {
    return this.#sums.sums(filter, by, time);
  }

  /** The same from the rows alone: what the roll-ups are verified against. */
  async rowSums(
    filter: RecordFilter,
    by: readonly RecordDimension[],
    time: TimeGrouping | null,
  ): Promise<SummedRow[]> {
    return this.#sums.rowSums(filter, by, time);
  }

  /**
   * The first and the last UTC day with records of a filter, by their starts; its times do not count.
   * Where roll-ups can't tell, those of all records.
   */
  async days(filter: RecordFilter): Promise<{ firstMs: number; lastMs: number } | null> {
    const facts = { ...filter, sinceMs: null, untilMs: null };
    const plan = planRollup(facts, []) ?? planRollup(NO_FILTER, []);
    const row = this.#db
      .prepare(
        `SELECT min(bucket_ms) AS firstMs, max(bucket_ms) AS lastMs FROM ${plan?.from}
         WHERE ${[...(plan?.conditions ?? []), `grain = 'day'`, 'requests > 0'].join(' AND ')}`,
      )
      .get(...(plan?.values ?? [])) as { firstMs: number | null; lastMs: number | null };
    const { firstMs, lastMs } = row;
    return firstMs === null || lastMs === null ? null : { firstMs, lastMs };
  }

  async lastSession(): Promise<SessionFacts | null> {
    // The range of times, of all that there are, makes SQLite take their index.
    const row = this.#db
      .prepare(
        `SELECT s.session_id AS sessionId, s.last_at_ms AS lastAtMs, p.root AS project
         FROM sessions s LEFT JOIN projects p ON p.id = s.project_id
         WHERE s.requests > 0 AND s.last_at_ms > 0 ORDER BY s.last_at_ms DESC, s.session_id LIMIT 1`,
      )
      .get() as SessionFacts | undefined;
    return row ?? null;
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
}
