import type { Ledger } from '../connection/open.ts';

export interface Acknowledgement {
  /** The numbers of those that were open. */
  acknowledged: number[];
  /** The first number that no alert has: then nothing was marked. */
  unknown: number | null;
}

/**
 * Marks alerts as seen; what was not sent of them is not sent any more.
 * @param numbers of alerts, known or not; null: all that there are
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
  const found = db.prepare(sql).pluck().get(JSON.stringify(numbers)) as number | undefined;
  return found ?? null;
}

function mark(db: Ledger, numbers: readonly number[] | null, nowMs: number): number[] {
  const which = numbers === null ? null : JSON.stringify(numbers);
  const found = db
    .prepare(
      `UPDATE alerts SET acknowledged_at_ms = @nowMs WHERE acknowledged_at_ms IS NULL
         AND (@which IS NULL OR id IN (SELECT value FROM json_each(@which))) RETURNING id`,
    )
    .pluck()
    .all({ nowMs, which }) as number[];
  return found.sort((a, b) => a - b);
}
