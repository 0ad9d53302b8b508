import type { AlertDraft } from '../../core/alert/alert.ts';
import type { Ledger } from '../connection/open.ts';
import { prepared } from '../connection/prepared.ts';

export interface InsertedAlerts {
  /**
   * Alerts that nobody was notified of before; if `announcedAtMs` is null: alerts that were not stored
   * before.
   */
  fresh: AlertDraft[];
  /** Rows that were added to the outbox. */
  queued: number;
}

const NONE: InsertedAlerts = { fresh: [], queued: 0 };

/**
 * Stores alerts, each with its deliveries. If several processes do so at once, each alert is stored by
 * one of them. If all exist already, as after the first time, nothing is written and no lock is taken.
 * HOT PATH.
 * @param announcedAtMs when the agent's user is notified in the session, which happens once, whoever
 * found the alert; null if the caller does not notify
 * @throws SQLite's own error; then none is stored
 */
export function insertAlerts(
  db: Ledger,
  drafts: readonly AlertDraft[],
  announcedAtMs: number | null,
): InsertedAlerts {
  if (drafts.every(({ key }) => isSettled(db, key, announcedAtMs !== null))) return NONE;
  return db
    .transaction(() => {
      const inserted: InsertedAlerts = { fresh: [], queued: 0 };
      for (const draft of drafts) {
        const id = insert(db, draft, announcedAtMs);
        if (id !== null) {
          for (const channel of draft.channels) queue(db, id, channel);
          inserted.queued += draft.channels.length;
        }
        if (id !== null || announce(db, draft.key, announcedAtMs)) inserted.fresh.push(draft);
      }
      return inserted;
    })
    .immediate();
}

function isSettled(db: Ledger, key: string, isAnnouncing: boolean): boolean {
  const sql = 'SELECT announced_at_ms AS announcedAtMs FROM alerts WHERE key = ?';
  const stored = prepared(db, sql).get(key) as { announcedAtMs: number | null } | undefined;
  return stored !== undefined && (!isAnnouncing || stored.announcedAtMs !== null);
}

/** @returns null if it is stored already */
function insert(
  db: Ledger,
  draft: AlertDraft,
  announcedAtMs: number | null,
): number | bigint | null {
  const { channels: _, ...row } = draft;
  const { changes, lastInsertRowid } = prepared(
    db,
    // Not OR IGNORE, which would use up an id.
    `INSERT INTO alerts (key, kind, subject, window_key, level, step, amount_nano_usd,
       limit_nano_usd, reason, session_id, since_ms, occurred_at_ms, announced_at_ms)
     SELECT @key, @kind, @subject, @windowKey, @level, @step, @amountNanoUsd,
       @limitNanoUsd, @reason, @sessionId, @sinceMs, @occurredAtMs, @announcedAtMs
     WHERE NOT EXISTS (SELECT 1 FROM alerts WHERE key = @key)`,
  ).run({ ...row, announcedAtMs });
  return changes > 0 ? lastInsertRowid : null;
}

function queue(db: Ledger, alertId: number | bigint, channel: string): void {
  prepared(db, 'INSERT INTO notification_outbox (alert_id, channel) VALUES (?, ?)').run(
    alertId,
    channel,
  );
}

function announce(db: Ledger, key: string, announcedAtMs: number | null): boolean {
  if (announcedAtMs === null) return false;
  const sql = 'UPDATE alerts SET announced_at_ms = ? WHERE key = ? AND announced_at_ms IS NULL';
  return prepared(db, sql).run(announcedAtMs, key).changes > 0;
}
