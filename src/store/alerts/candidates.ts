import { type AlertDraft, type AlertLevel, ALERT_LEVELS } from '../../core/alert/alert.ts';
import { HOUR_MS } from '../../core/time/units.ts';
import { type InsertedAlerts, insertAlerts } from './writer.ts';
import type { Ledger } from '../connection/open.ts';

/** A request with the facts that decide whether its cost is unusual. */
export interface JudgedRequest {
  id: string;
  atMs: number;
  sessionId: string;
  model: string;
  costNanoUsd: number;
  inputTokens: number;
  outputTokens: number;
}

export interface JudgedSession {
  sessionId: string;
  costNanoUsd: number;
  firstAtMs: number;
  lastAtMs: number;
}

/** Where most of the cost of a day or a session went. */
export interface MainParts {
  requests: number;
  model: string | null;
  modelNanoUsd: number;
  project: string | null;
  projectNanoUsd: number;
}

/** The most recent requests, newest first. */
export function latestRequests(db: Ledger, limit: number): JudgedRequest[] {
  return db
    .prepare(
      `SELECT id, occurred_at_ms AS atMs, session_id AS sessionId, model,
         coalesce(cost_nano_usd, 0) AS costNanoUsd, output_tokens AS outputTokens,
         input_tokens + cache_read_tokens + cache_write_5m_tokens + cache_write_1h_tokens AS inputTokens
       FROM cost_records ORDER BY occurred_at_ms DESC LIMIT ?`,
    )
    .all(limit) as JudgedRequest[];
}

/** The most recently active sessions, newest first. */
export function latestSessions(db: Ledger, limit: number): JudgedSession[] {
  return db
    .prepare(
      `SELECT session_id AS sessionId, cost_nano_usd AS costNanoUsd, first_at_ms AS firstAtMs,
         last_at_ms AS lastAtMs
       FROM sessions WHERE last_at_ms IS NOT NULL ORDER BY last_at_ms DESC LIMIT ?`,
    )
    .all(limit) as JudgedSession[];
}

/** The cost of each quarter of an hour since a time; quarters without requests are missing. */
export function quarterSums(db: Ledger, sinceMs: number): { atMs: number; costNanoUsd: number }[] {
  return db
    .prepare(
      `SELECT bucket_ms AS atMs, cost_nano_usd AS costNanoUsd FROM rollups
       WHERE dimension = 'all' AND grain = 'quarter' AND bucket_ms >= ? ORDER BY bucket_ms`,
    )
    .all(sinceMs) as { atMs: number; costNanoUsd: number }[];
}

/** @param where a session or a time range */
export function mainParts(
  db: Ledger,
  where: { sessionId: string } | { sinceMs: number; untilMs: number },
): MainParts {
  const condition =
    'sessionId' in where
      ? 'r.session_id = @sessionId'
      : 'r.occurred_at_ms >= @sinceMs AND r.occurred_at_ms < @untilMs';
  const largest = (name: string): { name: string | null; cost: number } | undefined =>
    db
      .prepare(
        `SELECT ${name} AS name, coalesce(sum(r.cost_nano_usd), 0) AS cost
         FROM cost_records r LEFT JOIN projects p ON p.id = r.project_id
         WHERE ${condition} GROUP BY 1 ORDER BY 2 DESC LIMIT 1`,
      )
      .get(where) as { name: string | null; cost: number } | undefined;
  const count = db.prepare(`SELECT count(*) FROM cost_records r WHERE ${condition}`).pluck();
  const [model, project] = [largest('r.model'), largest('p.name')];
  return {
    requests: count.get(where) as number,
    model: model?.name ?? null,
    modelNanoUsd: model?.cost ?? 0,
    project: project?.name ?? null,
    projectNanoUsd: project?.cost ?? 0,
  };
}

/** Records that a scan was done, so that no other process scans within the next minute. */
export function watched(db: Ledger, nowMs: number): void {
  db.prepare(
    `INSERT INTO alert_scan VALUES (1, ?) ON CONFLICT (id) DO UPDATE SET scanned_at_ms = excluded.scanned_at_ms`,
  ).run(nowMs);
}

/**
 * Stores an anomaly unless an alert of this level or a higher one is stored already. The level is the
 * last part of the key and only rises.
 */
export function escalateAlert(
  db: Ledger,
  key: string,
  draft: Omit<AlertDraft, 'key'>,
): InsertedAlerts {
  return insertAlertUnless(db, { ...draft, key: `${key}:${draft.level}` }, () => {
    const keys = atLeast(draft.level).map((level) => `${key}:${level}`);
    return db
      .prepare('SELECT 1 FROM alerts WHERE key IN (SELECT value FROM json_each(?))')
      .get(JSON.stringify(keys));
  });
}

/**
 * The same for a period of high spend. Requests that are read late move its start by less than an hour.
 * @param untilMs its end, as far as is known
 */
export function insertVelocityAlert(
  db: Ledger,
  draft: AlertDraft & { sinceMs: number },
  untilMs: number,
): InsertedAlerts {
  return insertAlertUnless(db, draft, () =>
    db
      .prepare(
        `SELECT 1 FROM alerts WHERE kind = 'velocity' AND since_ms BETWEEN ? AND ?
           AND level IN (SELECT value FROM json_each(?))`,
      )
      .get(
        draft.sinceMs - HOUR_MS,
        Math.max(untilMs, draft.sinceMs) + HOUR_MS,
        JSON.stringify(atLeast(draft.level)),
      ),
  );
}

function insertAlertUnless(db: Ledger, draft: AlertDraft, find: () => unknown): InsertedAlerts {
  const none: InsertedAlerts = { fresh: [], queued: 0 };
  if (find() !== undefined) return none;
  // Checked again while holding the lock: another process may have stored it in the meantime.
  return db
    .transaction(() => (find() === undefined ? insertAlerts(db, [draft], null) : none))
    .immediate();
}

function atLeast(level: AlertLevel): AlertLevel[] {
  return ALERT_LEVELS.slice(ALERT_LEVELS.indexOf(level));
}
