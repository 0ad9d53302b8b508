import type { Ledger } from '../connection/open.ts';

export interface Acknowledgement {
  /** Ids of the alerts that were open. */
  acknowledged: number[];
  /** The first id that does not exist: then nothing was marked. */
  unknown: number | null;
}

/**
 * Marks alerts as seen and cancels their pending deliveries.
 * @param numbers ids of alerts, existing or not; null: all alerts
 * @throws SQLite's own error; then nothing was marked
 */
export function acknowledgeAlerts(
  db: Ledger,
  numbers: readonly number[] | null,
  nowMs: number,
): Acknowledgement {
  return db
    .transaction((): Acknowledgement => {
      const unknown = numbers === null ? null : unknownAlert(db, numbers);
      if (unknown !== null) return { acknowledged: [], unknown };
      const acknowledged = mark(db, numbers, nowMs);
      db.prepare(
        `UPDATE notification_outbox SET state = 'cancelled', finished_at_ms = ?
         WHERE state = 'pending' AND alert_id IN (SELECT value FROM json_each(?))`,
      ).run(nowMs, JSON.stringify(acknowledged));
      return { acknowledged, unknown };
    })
    .immediate();
}

function unknownAlert(db: Ledger, numbers: readonly number[]): number | null {
  const sql = `SELECT value FROM json_each(?) WHERE value NOT IN (SELECT id FROM alerts)
    ORDER BY key LIMIT 1`;
  const id = db.prepare(sql).pluck().get(JSON.stringify(numbers)) as number | undefined;
  return id ?? null;
}

function mark(db: Ledger, numbers: readonly number[] | null, nowMs: number): number[] {
  const which = numbers === null ? null : JSON.stringify(numbers);
  const ids = db
    .prepare(
      `UPDATE alerts SET acknowledged_at_ms = @nowMs WHERE acknowledged_at_ms IS NULL
         AND (@which IS NULL OR id IN (SELECT value FROM json_each(@which))) RETURNING id`,
    )
    .pluck()
    .all({ nowMs, which }) as number[];
  return ids.sort((a, b) => a - b);
}
