import type { AlertDraft } from '../../core/alert/alert.ts';
import type { Ledger } from '../connection/open.ts';
import { prepared } from '../connection/prepared.ts';

export interface KeptAlerts {
  /** What nobody has been told of before; for who does not tell: what was not known. */
  fresh: AlertDraft[];
  /** Rows that wait in the outbox since. */
  queued: number;
}

const NONE: KeptAlerts = { fresh: [], queued: 0 };

/**
 * Keeps alerts, and with each where it has to go. Of however many processes at once one gets each of
 * them. Where all are known, as after the first time, nothing is written and no lock taken. HOT PATH.
 * @param toldAtMs when the agent's user is told of them in the session, which is once, whoever found
 *   them; null where nobody is
 * @throws SQLite's own error; then none is kept
 */
export function keepAlerts(
  db: Ledger,
  drafts: readonly AlertDraft[],
  toldAtMs: number | null,
): KeptAlerts {
  if (drafts.every(({ key }) => isSettled(db, key, toldAtMs !== null))) return NONE;
  return db
    .transaction(() => {
      const kept: KeptAlerts = { fresh: [], queued: 0 };
      for (const draft of drafts) {
        const id = insert(db, draft, toldAtMs);
        if (id !== null) {
          for (const channel of draft.channels) queue(db, id, channel);
          kept.queued += draft.channels.length;
        }
        if (id !== null || tell(db, draft.key, toldAtMs)) kept.fresh.push(draft);
      }
      return kept;
    })
    .immediate();
}

function isSettled(db: Ledger, key: string, isTelling: boolean): boolean {
  const sql = 'SELECT told_at_ms AS toldAtMs FROM alerts WHERE key = ?';
  const known = prepared(db, sql).get(key) as { toldAtMs: number | null } | undefined;
  return known !== undefined && (!isTelling || known.toldAtMs !== null);
}

/** @returns null for one that is known */
function insert(db: Ledger, draft: AlertDraft, toldAtMs: number | null): number | bigint | null {
  const { channels: _, ...row } = draft;
  const { changes, lastInsertRowid } = prepared(
    db,
    // Not OR IGNORE: that would use up a number.
    `INSERT INTO alerts (key, kind, subject, window_key, level, step, amount_nano_usd,
       limit_nano_usd, reason, session_id, since_ms, occurred_at_ms, told_at_ms)
     SELECT @key, @kind, @subject, @windowKey, @level, @step, @amountNanoUsd,
       @limitNanoUsd, @reason, @sessionId, @sinceMs, @occurredAtMs, @toldAtMs
     WHERE NOT EXISTS (SELECT 1 FROM alerts WHERE key = @key)`,
  ).run({ ...row, toldAtMs });
  return changes > 0 ? lastInsertRowid : null;
}

function queue(db: Ledger, alertId: number | bigint, channel: string): void {
  prepared(db, 'INSERT INTO notification_outbox (alert_id, channel) VALUES (?, ?)').run(
    alertId,
    channel,
  );
}

function tell(db: Ledger, key: string, toldAtMs: number | null): boolean {
  if (toldAtMs === null) return false;
  const sql = 'UPDATE alerts SET told_at_ms = ? WHERE key = ? AND told_at_ms IS NULL';
  return prepared(db, sql).run(toldAtMs, key).changes > 0;
}
