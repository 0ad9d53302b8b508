import type { AlertChannel } from '../../core/alert/alert.ts';
import { ALERT_COLUMNS, type StoredAlert } from './reader.ts';
import type { Ledger } from '../connection/open.ts';
import { prepared } from '../connection/prepared.ts';

/** A delivery: one alert for one channel. */
export interface OutboxRow {
  outboxId: number;
  channel: AlertChannel;
  attempts: number;
  /** Valid only while the clock is not before `heldAtMs`. */
  notBeforeMs: number;
  heldAtMs: number;
  firstTriedAtMs: number | null;
  alert: StoredAlert;
}

/** A channel with pending deliveries. */
export interface WaitingChannel {
  channel: AlertChannel;
  pending: number;
}

/** True unless the row is already held until at least `@notBeforeMs`. */
const NOT_HELD = 'NOT (held_at_ms <= @nowMs AND not_before_ms >= @notBeforeMs)';

/**
 * The pending deliveries, in the order in which they are sent. Only the holder of the sender's lock
 * (sender-lock.ts) may change the state of a row; anybody may add rows.
 */
export class Outbox {
  readonly #db: Ledger;

  constructor(db: Ledger) {
    this.#db = db;
  }

  waiting(): WaitingChannel[] {
    return this.#all(
      `SELECT channel, count(*) AS pending FROM notification_outbox
       WHERE state = 'pending' GROUP BY channel ORDER BY channel`,
    ) as WaitingChannel[];
  }

  /** The pending rows of a channel, oldest first. */
  selectPending(channel: AlertChannel, limit: number): OutboxRow[] {
    const rows = this.#all(
      `SELECT o.id AS outboxId, o.channel, o.attempts, o.not_before_ms AS notBeforeMs, o.held_at_ms AS heldAtMs,
         o.first_tried_at_ms AS firstTriedAtMs, ${ALERT_COLUMNS}
       FROM notification_outbox o JOIN alerts a ON a.id = o.alert_id
         LEFT JOIN sessions s ON s.session_id = a.session_id LEFT JOIN projects p ON p.id = s.project_id
       WHERE o.channel = ? AND o.state = 'pending' ORDER BY o.id LIMIT ?`,
      channel,
      limit,
    ) as (Omit<OutboxRow, 'alert'> & StoredAlert)[];
    return rows.map(({ outboxId, attempts, notBeforeMs, heldAtMs, firstTriedAtMs, ...alert }) => ({
      outboxId,
      channel,
      attempts,
      notBeforeMs,
      heldAtMs,
      firstTriedAtMs,
      alert,
    }));
  }

  /** @param note a remark in the receiver's answer */
  sent(id: number, note: string | null, nowMs: number): void {
    this.#run(
      `UPDATE notification_outbox
       SET state = 'sent', attempts = attempts + 1, last_error = ?, finished_at_ms = ? WHERE id = ?`,
      note,
      nowMs,
      id,
    );
  }

  /** The row is tried again at `notBeforeMs`, and the rows after it not before that, to keep the order. */
  failed(
    { outboxId, channel }: OutboxRow,
    error: string,
    nowMs: number,
    notBeforeMs: number,
  ): void {
    this.#db
      .transaction(() => {
        this.#run(
          `UPDATE notification_outbox SET attempts = attempts + 1, last_error = ?,
             first_tried_at_ms = coalesce(first_tried_at_ms, ?) WHERE id = ?`,
          error,
          nowMs,
          outboxId,
        );
        this.hold(channel, nowMs, notBeforeMs);
      })
      .immediate();
  }

  /** The row will not be tried again. */
  giveUp(id: number, error: string, nowMs: number): void {
    this.#run(
      `UPDATE notification_outbox
       SET state = 'failed', attempts = attempts + 1, last_error = ?, finished_at_ms = ? WHERE id = ?`,
      error,
      nowMs,
      id,
    );
  }

  /** A channel can't be used at the moment, for a reason that does not depend on any row. */
  holdChannel(channel: AlertChannel, error: string, nowMs: number, notBeforeMs: number): void {
    this.#db
      .transaction(() => {
        this.#run(
          `UPDATE notification_outbox SET last_error = ? WHERE id =
             (SELECT min(id) FROM notification_outbox WHERE channel = ? AND state = 'pending')`,
          error,
          channel,
        );
        this.hold(channel, nowMs, notBeforeMs);
      })
      .immediate();
  }

  /** Holds back rows during quiet hours. */
  holdRows(ids: readonly number[], nowMs: number, notBeforeMs: number): void {
    this.#run(
      `UPDATE notification_outbox SET held_at_ms = @nowMs, not_before_ms = @notBeforeMs
       WHERE id IN (SELECT value FROM json_each(@ids)) AND ${NOT_HELD}`,
      { nowMs, notBeforeMs, ids: JSON.stringify(ids) },
    );
  }

  /** Makes pending rows due at once, because a person asked for it. */
  release(): void {
    this.#run(`UPDATE notification_outbox SET not_before_ms = 0 WHERE state = 'pending'`);
  }

  /** When the next row may be tried, which may be long past; null if there are none. */
  nextAtMs(nowMs: number): number | null {
    const [row] = this.#all(
      `SELECT min(iif(held_at_ms > ?, 0, not_before_ms)) AS atMs FROM notification_outbox
       WHERE state = 'pending'`,
      nowMs,
    ) as { atMs: number | null }[];
    return row?.atMs ?? null;
  }

  /** Tries nothing of a channel before `notBeforeMs`. */
  hold(channel: AlertChannel, nowMs: number, notBeforeMs: number): void {
    this.#run(
      `UPDATE notification_outbox SET held_at_ms = @nowMs, not_before_ms = @notBeforeMs
       WHERE channel = @channel AND state = 'pending' AND ${NOT_HELD}`,
      { nowMs, notBeforeMs, channel },
    );
  }

  #all(sql: string, ...values: (string | number)[]): unknown[] {
    return prepared(this.#db, sql).all(...values);
  }

  #run(sql: string, ...values: (string | number | null | object)[]): void {
    prepared(this.#db, sql).run(...values);
  }
}
