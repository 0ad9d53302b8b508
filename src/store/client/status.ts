import type { ClientStatus, RateLimits } from '../../core/client/status.ts';
import type { Ledger } from '../connection/open.ts';
import { findBaseline } from './status-baseline.ts';

/** A sum of records' costs. */
export interface Spent {
  nanoUsd: number;
  /** Part of it is priced as another model. */
  isEstimated: boolean;
  /** It contains requests without a price, which count as zero. */
  isPartial: boolean;
}

export interface StoredStatus {
  costNanoUsd: number | null;
  apiDurationMs: number | null;
  model: string | null;
  limits: RateLimits | null;
  contextUsedPercent: number | null;
  clientVersion: string | null;
}

interface SpentRow {
  requests: number;
  cost: number | null;
  estimated: number | null;
  unpriced: number | null;
}

const SUMS = `sum(requests) AS requests, sum(cost_nano_usd) AS cost,
  sum(estimated_cost_nano_usd) AS estimated, sum(unpriced_requests) AS unpriced`;

/**
 * The status line's queries and writes. HOT PATH: each query is one statement that uses an index,
 * whatever the ledger's size, and nothing waits longer than the busy timeout.
 */
export class StatusLedger {
  readonly #db: Ledger;

  constructor(db: Ledger) {
    this.#db = db;
  }

  /** Total spend between two times, both on a quarter hour, so that no row is read. */
  spentBetween(fromMs: number, beforeMs: number): Spent {
    const row = this.#db
      .prepare<[number, number], SpentRow>(
        `SELECT ${SUMS} FROM rollups WHERE dimension = 'all' AND grain = 'quarter'
           AND bucket_ms >= ? AND bucket_ms < ?`,
      )
      .get(fromMs, beforeMs);
    return toSpent(row);
  }

  /** The cost of a session's records; null if it has none. */
  spentIn(sessionId: string): Spent | null {
    const row = this.#db
      .prepare<[string], SpentRow>(`SELECT ${SUMS} FROM sessions WHERE session_id = ?`)
      .get(sessionId);
    return row === undefined || !(row.requests > 0) ? null : toSpent(row);
  }

  /**
   * The cost of a session's records since a time, and the time of the first of them; null if there are
   * none.
   */
  spentSince(sessionId: string, sinceMs: number): (Spent & { firstAtMs: number }) | null {
    const row = this.#db
      .prepare<[string, number], SpentRow & { first: number }>(
        `SELECT count(*) AS requests, sum(cost_nano_usd) AS cost,
           sum(iif(price_basis = 'fallback', cost_nano_usd, 0)) AS estimated,
           sum(cost_nano_usd IS NULL) AS unpriced, min(occurred_at_ms) AS first
         FROM cost_records WHERE session_id = ? AND occurred_at_ms >= ?`,
      )
      .get(sessionId, sinceMs);
    if (row === undefined || row.requests === 0) return null;
    const { nanoUsd, isEstimated, isPartial } = toSpent(row);
    return { nanoUsd, isEstimated, isPartial, firstAtMs: row.first };
  }

  /** The latest status that was stored for a session. */
  storedStatus(sessionId: string): StoredStatus | null {
    const row = this.#db
      .prepare<[string], StoredStatus & { limitsJson: string | null }>(
        `SELECT cost_nano_usd AS costNanoUsd, api_duration_ms AS apiDurationMs, model,
           rate_limits_json AS limitsJson, context_used_percent AS contextUsedPercent,
           client_version AS clientVersion
         FROM client_status WHERE session_id = ?`,
      )
      .get(sessionId);
    if (row === undefined) return null;
    const limits = row.limitsJson === null ? null : (JSON.parse(row.limitsJson) as RateLimits);
    return { ...row, limits };
  }

  /** Whether the session with the most recent status belongs to a subscriber. */
  wasSubscribedLast(): boolean {
    const row = this.#db
      .prepare<[], { isSubscribed: number }>(
        `SELECT rate_limits_json IS NOT NULL AS isSubscribed FROM client_status
         ORDER BY seen_at_ms DESC LIMIT 1`,
      )
      .get();
    return row?.isSubscribed === 1;
  }

  /** What the client spent for a session, without what its counter showed before; null if it reports none. */
  clientSpend(sessionId: string, status: ClientStatus, nowMs: number): number | null {
    const { costNanoUsd } = status;
    if (costNanoUsd === null) return null;
    return Math.max(0, costNanoUsd - findBaseline(this.#db, sessionId, status, nowMs));
  }

  /**
   * Stores a status. Fields that it does not contain keep their stored value.
   * @throws SQLite's own error: locked by another writer for longer than the busy timeout
   */
  recordStatus(sessionId: string, status: ClientStatus, seenAtMs: number): void {
    const { costNanoUsd, durationMs, apiDurationMs, contextUsedPercent, clientVersion } = status;
    const baselineNanoUsd = findBaseline(this.#db, sessionId, status, seenAtMs);
    this.#db
      .prepare(
        `INSERT INTO client_status VALUES (@sessionId, @seenAtMs, @costNanoUsd,
           max(0, @costNanoUsd - @baselineNanoUsd), @durationMs, @apiDurationMs, @model, @limitsJson,
           @contextUsedPercent, @clientVersion, @baselineNanoUsd)
         ON CONFLICT DO UPDATE SET seen_at_ms = excluded.seen_at_ms,
           ${LATEST.map((name) => `${name} = coalesce(excluded.${name}, ${name})`).join(', ')},
           highest_cost_nano_usd = ${higher('highest_cost_nano_usd')},
           baseline_nano_usd = excluded.baseline_nano_usd
         WHERE excluded.seen_at_ms >= seen_at_ms`,
      )
      .run({
        sessionId,
        seenAtMs,
        costNanoUsd,
        baselineNanoUsd,
        durationMs,
        apiDurationMs,
        model: status.modelId,
        limitsJson: status.limits === null ? null : JSON.stringify(status.limits),
        contextUsedPercent,
        clientVersion,
      });
  }
}

const LATEST = [
  'cost_nano_usd',
  'duration_ms',
  'api_duration_ms',
  'model',
  'rate_limits_json',
  'context_used_percent',
  'client_version',
];

/** SQLite's max() is null if either side is. */
function higher(name: string): string {
  return `max(coalesce(${name}, excluded.${name}), coalesce(excluded.${name}, ${name}))`;
}

function toSpent(row: SpentRow | undefined): Spent {
  return {
    nanoUsd: row?.cost ?? 0,
    isEstimated: (row?.estimated ?? 0) > 0,
    isPartial: (row?.unpriced ?? 0) > 0,
  };
}
