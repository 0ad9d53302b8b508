import type { Ledger } from './open.ts';
import { prepared } from './prepared.ts';

/** The longest that a row waits before it is tried again; what says more was written by another clock. */
export const LONGEST_WAIT_MS = 24 * 3_600_000;

/** How often somebody looks for what is worth an alert. */
export const WATCH_EVERY_MS = 60_000;

/** Whether a sender would find something to do. HOT PATH: one statement. */
export function isSenderWanted(db: Ledger, nowMs: number): boolean {
  const sql = `SELECT EXISTS (SELECT 1 FROM notification_outbox
      WHERE state = 'pending' AND NOT (not_before_ms BETWEEN @now + 1 AND @now + ${LONGEST_WAIT_MS}))
    OR NOT EXISTS (SELECT 1 FROM alert_watch
      WHERE watched_at_ms BETWEEN @now - ${WATCH_EVERY_MS} AND @now + ${WATCH_EVERY_MS})`;
  return prepared(db, sql).pluck().get({ now: nowMs }) === 1;
}
