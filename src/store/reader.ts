import type { UnknownBasis } from '../pricing/layers.ts';
import { reportedTotals } from './client/reported-totals.ts';
import type { Ledger } from './connection/open.ts';
import type { RecordDimension } from './records/dimensions.ts';
import { NO_FILTER, type RecordFilter, buildConditions } from './records/filter.ts';
import { planRollup } from './rollups/plan.ts';
import type { OnProgress } from './sums/scan.ts';
import { SumReader } from './sums/reader.ts';
import type { SummedRow } from './sums/summed-row.ts';
import type { TimeGrouping } from './sums/time-grouping.ts';
import { type LastSession, findLastSession } from './sessions/last.ts';

export { NO_FILTER, type RecordFilter } from './records/filter.ts';
export type { SummedRow } from './sums/summed-row.ts';

/** The requests of a model whose cost is not known, and what they were counted at. */
export interface UnknownPrice {
  model: string;
  priceBasis: UnknownBasis;
  requests: number;
  costNanoUsd: number;
  promptTokens: number;
  outputTokens: number;
  lastAtMs: number;
}

export interface SessionRow extends LastSession {
  project: string | null;
}

const LIKE = 'session_id >= @from AND session_id < @before';
const SESSIONS_LIKE = `SELECT session_id FROM sessions WHERE ${LIKE} AND requests > 0 LIMIT 3`;
const CLIENT_SESSIONS_LIKE = `SELECT session_id FROM sessions WHERE ${LIKE}
  UNION SELECT session_id FROM client_totals WHERE ${LIKE}
  UNION SELECT session_id FROM client_status WHERE ${LIKE} LIMIT 3`;

/**
 * Answers reports from roll-ups or rows. Asynchronous, so that a shared database could answer the same
 * queries.
 */
export class LedgerReader {
  readonly #db: Ledger;
  readonly #sums: SumReader;

  /** @param onProgress called while a query reads very many rows */
  constructor(db: Ledger, onProgress: OnProgress = () => undefined) {
    this.#db = db;
    this.#sums = new SumReader(db, onProgress);
  }

  /** Sums of all records that pass the filter, by dimensions and, if given, by local hour or day. */
  async sums(
    filter: RecordFilter,
    by: readonly RecordDimension[],
    time: TimeGrouping | null,
  ): Promise<SummedRow[]> {
    return this.#sums.sums(filter, by, time);
  }

  /** The same computed from the rows only; roll-ups are verified against it. */
  async rowSums(
    filter: RecordFilter,
    by: readonly RecordDimension[],
    time: TimeGrouping | null,
  ): Promise<SummedRow[]> {
    return this.#sums.rowSums(filter, by, time);
  }

  /**
   * The starts of the first and the last UTC day with records that pass the filter, ignoring its times.
   * If roll-ups can't answer that, those of all records.
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

  async lastSession(): Promise<SessionRow | null> {
    const last = findLastSession(this.#db, null);
    if (last === null) return null;
    const project = this.#db
      .prepare(
        `SELECT p.root FROM sessions s LEFT JOIN projects p ON p.id = s.project_id
         WHERE s.session_id = ?`,
      )
      .pluck()
      .get(last.sessionId) as string | null | undefined;
    return { ...last, project: project ?? null };
  }

  /** Sessions whose id starts with the given text; those without requests only if no other does. */
  async sessionsLike(prefix: string): Promise<string[]> {
    const range = { from: prefix, before: `${prefix}\u{10FFFF}` };
    const matches = this.#db.prepare(SESSIONS_LIKE).pluck().all(range) as string[];
    if (matches.length > 0) return matches;
    return this.#db.prepare(CLIENT_SESSIONS_LIKE).pluck().all(range) as string[];
  }

  /**
   * The session's cost as reported by the client, nano-USD, by its highest total.
   * @returns null if the client has reported nothing
   */
  async clientSpend(sessionId: string): Promise<bigint | null> {
    return reportedTotals(this.#db, [sessionId]).get(sessionId)?.costNanoUsd ?? null;
  }

  /** Number of requests that pass the filter and whose token counts are unknown. */
  async unmeteredRequests(filter: RecordFilter): Promise<number> {
    const { conditions, values } = buildConditions(filter);
    return this.#db
      .prepare(
        `SELECT count(*) FROM cost_records r INDEXED BY cost_records_unmetered
           LEFT JOIN projects p ON p.id = r.project_id
         WHERE ${["r.price_basis = 'unmetered'", ...conditions].join(' AND ')}`,
      )
      .pluck()
      .get(...values) as number;
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
         FROM cost_records WHERE price_basis IN ('fallback', 'none', 'unmetered')
         GROUP BY 1, 2 ORDER BY costNanoUsd DESC, requests DESC, model`,
      )
      .all() as UnknownPrice[];
  }
}
