import type { Ledger } from '../connection/open.ts';
import { prepared } from '../connection/prepared.ts';

/** How often to scan for anomalies. */
export const SCAN_INTERVAL_MS = 60_000;

/** Whether a sender would have anything to do. HOT PATH: one statement. */
export function shouldStartSender(db: Ledger, nowMs: number): boolean {
  const sql = `SELECT EXISTS (SELECT 1 FROM notification_outbox
      WHERE state = 'pending' AND NOT (held_at_ms <= @now AND not_before_ms > @now))
    OR NOT EXISTS (SELECT 1 FROM alert_scan
      WHERE scanned_at_ms BETWEEN @now - ${SCAN_INTERVAL_MS} AND @now + ${SCAN_INTERVAL_MS})`;
  return prepared(db, sql).pluck().get({ now: nowMs }) === 1;
}
