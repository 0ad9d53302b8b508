import { CLAUDE_CODE } from '../../core/client/names.ts';
import type { ClientRequest } from '../../core/client/request.ts';
import type { Spend } from '../../core/budget/spend.ts';
import { type ReportedTotal, reportedTotals } from './reported-totals.ts';
import { type AuxiliaryCounts, countAuxiliary } from './auxiliary-counts.ts';
import type { Ledger } from '../connection/open.ts';
import type { RecordFilter } from '../records/filter.ts';

/** A session that has records or a total reported by a client. */
export interface SessionCoverageRow {
  sessionId: string;
  /** Folder of its project. */
  project: string | null;
  /** Null for a session that is known only from a loss. */
  client: string | null;
  /** Time of its last request, or of the client's last report if it has no requests. */
  lastAtMs: number;
  requests: number;
  costNanoUsd: bigint;
}

/** A session's records for one model. */
export interface LedgerPart extends Spend {
  sessionId: string;
  model: string;
  requests: bigint;
  /** Number of requests whose output count is only a lower bound. */
  incomplete: bigint;
  /**
   * Requests in a batch, and requests in a region that costs a tenth more; and the cost of their tokens.
   */
  batch: bigint;
  batchNanoUsd: bigint;
  regional: bigint;
  regionalNanoUsd: bigint;
  /** Number of requests priced as another model, or not at all. */
  estimated: bigint;
}

/** Sums over the records of one request id. */
export interface TracedRecord extends Spend {
  traceId: string;
  /** The session that owns them. */
  sessionId: string;
  isOutputFinal: bigint;
  /** Cost of its tokens only; `isBatch`: in a batch; `isRegional`: in a region that costs a tenth more. */
  tokensNanoUsd: bigint;
  isBatch: bigint;
  isRegional: bigint;
}

export interface UnbilledRefusals {
  requests: bigint;
  costNanoUsd: bigint;
}

/** The vendor bills no refusal without output since that day. */
const REFUSALS_FREE_MS = Date.parse('2026-06-02');

const IN_SESSIONS = 'session_id IN (SELECT value FROM json_each(?))';
const SPEND = `coalesce(sum(cost_nano_usd), 0) AS costNanoUsd, sum(input_tokens) AS inputTokens,
  sum(output_tokens) AS outputTokens, sum(cache_read_tokens) AS cacheReadTokens,
  sum(cache_write_5m_tokens + cache_write_1h_tokens) AS cacheWriteTokens,
  sum(web_search_requests) AS webSearchRequests`;

/** Web searches cost the full price in every tier and region. */
const OF_TOKENS = 'coalesce(cost_nano_usd, 0) - 10000000 * web_search_requests';

const PART = `session_id AS sessionId, model, count(*) AS requests, ${SPEND},
         sum(is_output_final = 0) AS incomplete, sum(price_basis IN ('fallback', 'none')) AS estimated,
         sum(service_tier IS 'batch') AS batch, sum(inference_geo IS 'us') AS regional,
         sum(iif(service_tier IS 'batch', ${OF_TOKENS}, 0)) AS batchNanoUsd,
         sum(iif(inference_geo IS 'us', ${OF_TOKENS}, 0)) AS regionalNanoUsd`;

/** A session has one client; only Claude Code reports totals. */
const CLIENT = `coalesce((SELECT r.client FROM cost_records r WHERE r.session_id = k.session_id LIMIT 1),
             t.reporter)`;

/** Reads what is needed to compare clients' totals with the ledger. Asynchronous, like `LedgerReader`. */
export class CoverageReader {
  readonly #db: Ledger;

  constructor(db: Ledger) {
    this.#db = db;
  }

  /** @param filter by session, project, client, and the time of the session's last request */
  async sessions(
    filter: Pick<RecordFilter, 'sessionId' | 'project' | 'client' | 'sinceMs' | 'untilMs'>,
  ): Promise<SessionCoverageRow[]> {
    const rows = this.#db
      .prepare(
        `WITH reported AS (
           SELECT session_id, max(at_ms) AS at_ms, max(reporter) AS reporter FROM (
             SELECT session_id, coalesce(reported_at_ms, started_at_ms + elapsed_ms) AS at_ms,
               '${CLAUDE_CODE}' AS reporter FROM client_totals
               WHERE cost_nano_usd > 0
             UNION ALL SELECT session_id, seen_at_ms, '${CLAUDE_CODE}' FROM client_status WHERE highest_cost_nano_usd > 0
             UNION ALL SELECT session_id, occurred_at_ms, '${CLAUDE_CODE}' FROM client_requests
             UNION ALL SELECT session_id, occurred_at_ms, NULL FROM removed_records
           ) GROUP BY session_id),
         listed AS (SELECT session_id FROM sessions WHERE requests > 0 UNION SELECT session_id FROM reported)
         SELECT k.session_id AS sessionId, p.root AS project, ${CLIENT} AS client,
           coalesce(s.requests, 0) AS requests,
           coalesce(s.cost_nano_usd, 0) AS costNanoUsd, coalesce(s.last_at_ms, t.at_ms) AS lastAtMs
         FROM listed k LEFT JOIN sessions s USING (session_id) LEFT JOIN reported t USING (session_id)
           LEFT JOIN projects p ON p.id = s.project_id
         WHERE (@sessionId IS NULL OR k.session_id = @sessionId)
           AND (@project IS NULL OR p.root = @project)
           AND (@client IS NULL OR ${CLIENT} = @client)
           AND (@sinceMs IS NULL OR coalesce(s.last_at_ms, t.at_ms) >= @sinceMs)
           AND (@untilMs IS NULL OR coalesce(s.last_at_ms, t.at_ms) < @untilMs)
         ORDER BY lastAtMs, sessionId`,
      )
      .safeIntegers()
      .all(filter) as (Omit<SessionCoverageRow, 'lastAtMs' | 'requests'> & {
      lastAtMs: bigint;
      requests: bigint;
    })[];
    return rows.map((row) => ({
      ...row,
      lastAtMs: Number(row.lastAtMs),
      requests: Number(row.requests),
    }));
  }

  async reportedTotals(sessions: readonly string[]): Promise<Map<string, ReportedTotal>> {
    return reportedTotals(this.#db, sessions);
  }

  /** Sums of records by session and model. */
  async ledgerParts(sessions: readonly string[]): Promise<LedgerPart[]> {
    return this.#all(
      `SELECT ${PART}
       FROM cost_records WHERE ${IN_SESSIONS} GROUP BY session_id, model`,
      sessions,
    ) as LedgerPart[];
  }

  /** Refused requests without output, by session: clients count them, the vendor does not bill them. */
  async unbilled(sessions: readonly string[]): Promise<Map<string, UnbilledRefusals>> {
    const rows = this.#all(
      `SELECT session_id AS sessionId, count(*) AS requests, coalesce(sum(cost_nano_usd), 0) AS costNanoUsd
       FROM cost_records
       WHERE output_tokens = 0 AND occurred_at_ms >= ${REFUSALS_FREE_MS}
         AND metadata LIKE '%"isRefused":true%' AND ${IN_SESSIONS} GROUP BY session_id`,
      sessions,
    ) as (UnbilledRefusals & { sessionId: string })[];
    return new Map(rows.map(({ sessionId, ...refusals }) => [sessionId, refusals]));
  }

  /** Sessions for which a client has reported single requests. */
  async sessionsWithEvents(): Promise<Set<string>> {
    const sql = 'SELECT DISTINCT session_id FROM client_requests';
    return new Set(this.#db.prepare(sql).pluck().all() as string[]);
  }

  /** A session's requests as its client reported them, ordered by time. */
  async clientRequests(sessionId: string): Promise<ClientRequest[]> {
    return this.#db
      .prepare(
        `SELECT request_id AS requestId, session_id AS sessionId, prompt_id AS promptId,
           agent_id AS agentId, occurred_at_ms AS occurredAtMs, model, query_source AS querySource,
           cost_nano_usd AS costNanoUsd, input_tokens AS inputTokens, output_tokens AS outputTokens,
           cache_read_tokens AS cacheReadTokens, cache_write_tokens AS cacheWriteTokens,
           client_version AS clientVersion
         FROM client_requests WHERE session_id = ? ORDER BY occurred_at_ms, request_id`,
      )
      .all(sessionId) as ClientRequest[];
  }

  /** The records that a session owns or has copies of, by the vendor's request id. */
  async traced(sessionId: string): Promise<Map<string, TracedRecord>> {
    const rows = this.#db
      .prepare(
        `SELECT trace_id AS traceId, min(session_id) AS sessionId, ${SPEND},
           min(is_output_final) AS isOutputFinal, sum(${OF_TOKENS}) AS tokensNanoUsd,
           min(service_tier IS 'batch') AS isBatch, min(inference_geo IS 'us') AS isRegional
         FROM cost_records WHERE trace_id IS NOT NULL AND seq IN (
           SELECT seq FROM cost_records WHERE session_id = @sessionId
           UNION SELECT record_seq FROM record_claims WHERE session_id = @sessionId)
         GROUP BY trace_id`,
      )
      .safeIntegers()
      .all({ sessionId }) as TracedRecord[];
    return new Map(rows.map((row) => [row.traceId, row]));
  }

  /**
   * A session's records after a time, by model: the client can't have included them in an earlier total.
   */
  async partsSince(sessionId: string, sinceMs: number): Promise<LedgerPart[]> {
    return this.#db
      .prepare(
        `SELECT ${PART} FROM cost_records WHERE session_id = ? AND occurred_at_ms > ?
         GROUP BY session_id, model`,
      )
      .safeIntegers()
      .all(sessionId, sinceMs) as LedgerPart[];
  }

  async auxiliaryCounts(sessions: readonly string[]): Promise<Map<string, AuxiliaryCounts>> {
    return countAuxiliary(this.#db, sessions);
  }

  /** Number of requests whose token counts are unknown, by session. */
  async unmeteredRequests(): Promise<Map<string, number>> {
    const rows = this.#db
      .prepare(
        `SELECT session_id, count(*) FROM cost_records INDEXED BY cost_records_unmetered
         WHERE price_basis = 'unmetered' GROUP BY session_id`,
      )
      .raw()
      .all();
    return new Map(rows as [string, number][]);
  }

  /** The versions of the client that made each session's requests. */
  async clientVersions(sessions: readonly string[]): Promise<Map<string, string[]>> {
    const rows = this.#all(
      `SELECT DISTINCT session_id AS sessionId, client_version AS version FROM cost_records
       WHERE client_version IS NOT NULL AND ${IN_SESSIONS} ORDER BY 2`,
      sessions,
    ) as { sessionId: string; version: string }[];
    const versions = new Map<string, string[]>();
    for (const { sessionId, version } of rows) {
      versions.set(sessionId, [...(versions.get(sessionId) ?? []), version]);
    }
    return versions;
  }

  /** Sessions with at least one transcript that was read. */
  async transcribed(sessions: readonly string[]): Promise<Set<string>> {
    const rows = this.#all(
      `SELECT DISTINCT session_id AS sessionId FROM transcripts WHERE ${IN_SESSIONS}`,
      sessions,
    ) as { sessionId: string }[];
    return new Set(rows.map(({ sessionId }) => sessionId));
  }

  #all(sql: string, sessions: readonly string[]): unknown[] {
    return this.#db.prepare(sql).safeIntegers().all(JSON.stringify(sessions));
  }
}
