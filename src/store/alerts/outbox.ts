import type { AlertChannel } from '../../core/alert/alert.ts';
import { ALERT_COLUMNS, type StoredAlert } from './reader.ts';
import type { Ledger } from '../connection/open.ts';
import { prepared } from '../connection/prepared.ts';

/** An alert on its way to a channel. */
export interface OutboxRow {
  outboxId: number;
  channel: AlertChannel;
  attempts: number;
  /** By a clock that is not before `heldAtMs`. */
  notBeforeMs: number;
  heldAtMs: number;
  firstTriedAtMs: number | null;
  alert: StoredAlert;
}

/** A channel with rows that wait. */
export interface WaitingChannel {
  channel: AlertChannel;
  pending: number;
}

/** Not until the second of two times by a clock that shows the first. */
const NOT_HELD = 'NOT (held_at_ms <= @nowMs AND not_before_ms >= @notBeforeMs)';

/**
 * What waits to be sent, in the order that it goes out in. Only who holds the sender's lock
 * (sender-lock.ts) may change a row's state; anybody may add rows.
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

  /** A channel's rows, the oldest first. */
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

  /** @param note what a receiver said beside it */
  sent(id: number, note: string | null, nowMs: number): void {
    this.#run(
      `UPDATE notification_outbox
       SET state = 'sent', attempts = attempts + 1, last_error = ?, finished_at_ms = ? WHERE id = ?`,
      note,
      nowMs,
      id,
    );
  }

  /** The row is tried again at `notBeforeMs`, and what waits behind it no sooner: the order is kept. */
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

  /** It will not be tried again. */
  giveUp(id: number, error: string, nowMs: number): void {
    this.#run(
      `UPDATE notification_outbox
       SET state = 'failed', attempts = attempts + 1, last_error = ?, finished_at_ms = ? WHERE id = ?`,
      error,
      nowMs,
      id,
    );
  }

  /** A channel can't be used now, for a reason that is no row's. */
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

  /** Rows that quiet hours hold back. */
  holdRows(ids: readonly number[], nowMs: number, notBeforeMs: number): void {
    this.#run(
      `UPDATE notification_outbox SET held_at_ms = @nowMs, not_before_ms = @notBeforeMs
       WHERE id IN (SELECT value FROM json_each(@ids)) AND ${NOT_HELD}`,
      { nowMs, notBeforeMs, ids: JSON.stringify(ids) },
    );
  }

  /** A person asks for it: what waits is tried at once. */
  release(): void {
    this.#run(`UPDATE notification_outbox SET not_before_ms = 0 WHERE state = 'pending'`);
  }

  /** When the next row may be tried, which may be long past; null where none waits. */
  nextAtMs(nowMs: number): number | null {
    const [row] = this.#all(
      `SELECT min(iif(held_at_ms > ?, 0, not_before_ms)) AS atMs FROM notification_outbox
       WHERE state = 'pending'`,
      nowMs,
    ) as { atMs: number | null }[];
    return row?.atMs ?? null;
  }

  /** Nothing of a channel is tried before a time. */
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
