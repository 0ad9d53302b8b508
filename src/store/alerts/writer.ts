import type { AlertDraft } from '../../core/alert/alert.ts';
import type { Ledger } from '../connection/open.ts';
import { prepared } from '../connection/prepared.ts';

export interface InsertedAlerts {
  /** What nobody has been told of before; for who does not tell: what was not known. */
  fresh: AlertDraft[];
  /** Rows that wait in the outbox since. */
  queued: number;
}

const NONE: InsertedAlerts = { fresh: [], queued: 0 };

/**
 * Keeps alerts, and with each where it has to go. Of however many processes at once one gets each of
 * them. Where all are known, as after the first time, nothing is written and no lock taken. HOT PATH.
 * @param announcedAtMs when the agent's user is told of them in the session, which is once, whoever found
 *   them; null where nobody is
 * @throws SQLite's own error; then none is kept
 */
export function insertAlerts(
  db: Ledger,
  drafts: readonly AlertDraft[],
  announcedAtMs: number | null,
): InsertedAlerts {
  if (drafts.every(({ key }) => isSettled(db, key, announcedAtMs !== null))) return NONE;
  return db
    .transaction(() => {
      const kept: InsertedAlerts = { fresh: [], queued: 0 };
      for (const draft of drafts) {
        const id = insert(db, draft, announcedAtMs);
        if (id !== null) {
          for (const channel of draft.channels) queue(db, id, channel);
          kept.queued += draft.channels.length;
        }
        if (id !== null || tell(db, draft.key, announcedAtMs)) kept.fresh.push(draft);
      }
      return kept;
    })
    .immediate();
}

function isSettled(db: Ledger, key: string, isTelling: boolean): boolean {
  const sql = 'SELECT announced_at_ms AS announcedAtMs FROM alerts WHERE key = ?';
  const known = prepared(db, sql).get(key) as { announcedAtMs: number | null } | undefined;
  return known !== undefined && (!isTelling || known.announcedAtMs !== null);
}

/** @returns null for one that is known */
function insert(
  db: Ledger,
  draft: AlertDraft,
  announcedAtMs: number | null,
): number | bigint | null {
  const { channels: _, ...row } = draft;
  const { changes, lastInsertRowid } = prepared(
    db,
    // Not OR IGNORE: that would use up a number.
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

function tell(db: Ledger, key: string, announcedAtMs: number | null): boolean {
  if (announcedAtMs === null) return false;
  const sql = 'UPDATE alerts SET announced_at_ms = ? WHERE key = ? AND announced_at_ms IS NULL';
  return prepared(db, sql).run(announcedAtMs, key).changes > 0;
}
