import type {
  AlertChannel,
  AlertFacts,
  AlertLevel,
  DeliveryState,
} from '../../core/alert/alert.ts';
import type { Ledger } from '../connection/open.ts';

/** An alert as it is stored. */
export interface StoredAlert extends AlertFacts {
  id: number;
  /** The name of the session's project. */
  project: string | null;
  acknowledgedAtMs: number | null;
}

/** Columns of `alerts a`, `sessions s` and `projects p`. */
export const ALERT_COLUMNS = `a.id, a.kind, a.subject, a.window_key AS windowKey, a.level, a.step,
  a.amount_nano_usd AS amountNanoUsd, a.limit_nano_usd AS limitNanoUsd, a.reason,
  a.session_id AS sessionId, p.name AS project, a.occurred_at_ms AS occurredAtMs,
  a.acknowledged_at_ms AS acknowledgedAtMs`;

/** The state of one alert's delivery by one channel. */
export interface Delivery {
  alertId: number;
  channel: AlertChannel;
  state: DeliveryState;
  attempts: number;
  notBeforeMs: number;
  lastError: string | null;
  finishedAtMs: number | null;
}

export interface AlertFilter {
  /** Only alerts that nobody has acknowledged. */
  isOpen: boolean;
  levels: readonly AlertLevel[] | null;
  /** Only alerts of this budget. */
  budget?: string | null;
  limit: number;
  offset?: number;
}

const WHERE = `(@isOpen = 0 OR a.acknowledged_at_ms IS NULL)
  AND (@levels IS NULL OR a.level IN (SELECT value FROM json_each(@levels)))
  AND (@budget IS NULL OR (a.kind = 'budget' AND a.subject = @budget))`;

/** Alerts in the order in which they were stored, newest first. */
export function readAlertRows(db: Ledger, filter: AlertFilter): StoredAlert[] {
  return db
    .prepare(
      `SELECT ${ALERT_COLUMNS} FROM alerts a LEFT JOIN sessions s ON s.session_id = a.session_id
         LEFT JOIN projects p ON p.id = s.project_id
       WHERE ${WHERE} ORDER BY a.id DESC LIMIT @limit OFFSET @offset`,
    )
    .all({
      ...bindFilter(filter),
      limit: filter.limit,
      offset: filter.offset ?? 0,
    }) as StoredAlert[];
}

export function countAlertRows(db: Ledger, filter: Omit<AlertFilter, 'limit' | 'offset'>): number {
  const count = db.prepare(`SELECT count(*) FROM alerts a WHERE ${WHERE}`).pluck();
  return count.get(bindFilter(filter)) as number;
}

function bindFilter({ isOpen, levels, budget = null }: Omit<AlertFilter, 'limit' | 'offset'>) {
  return {
    isOpen: isOpen ? 1 : 0,
    levels: levels === null ? null : JSON.stringify(levels),
    budget,
  };
}

export function readDeliveries(db: Ledger, alertIds: readonly number[]): Delivery[] {
  return db
    .prepare(
      `SELECT alert_id AS alertId, channel, state, attempts, not_before_ms AS notBeforeMs,
         last_error AS lastError, finished_at_ms AS finishedAtMs
       FROM notification_outbox WHERE alert_id IN (SELECT value FROM json_each(?)) ORDER BY id`,
    )
    .all(JSON.stringify(alertIds)) as Delivery[];
}

/** The state of a channel. */
export interface ChannelState {
  channel: AlertChannel;
  pending: number;
  /** Deliveries that were given up. */
  failed: number;
  sent: number;
  lastSentAtMs: number | null;
  /** Why its oldest pending row was not sent, or the last one given up since the last success. */
  lastError: string | null;
  attempts: number;
  nextTryAtMs: number | null;
}

/** Every channel that has had deliveries. */
export function readChannelStates(db: Ledger): ChannelState[] {
  return db
    .prepare(
      `SELECT channel, sum(state = 'pending') AS pending, sum(state = 'failed') AS failed,
         sum(state = 'sent') AS sent, max(iif(state = 'sent', finished_at_ms, NULL)) AS lastSentAtMs,
         (SELECT last_error FROM notification_outbox f WHERE f.channel = o.channel
            AND f.state IN ('pending', 'failed') AND f.last_error IS NOT NULL
            AND f.id > coalesce((SELECT max(id) FROM notification_outbox g
              WHERE g.channel = o.channel AND g.state = 'sent'), 0)
            ORDER BY f.id LIMIT 1) AS lastError,
         max(iif(state = 'pending', attempts, 0)) AS attempts,
         min(iif(state = 'pending' AND not_before_ms > 0, not_before_ms, NULL)) AS nextTryAtMs
       FROM notification_outbox o GROUP BY channel ORDER BY channel`,
    )
    .all() as ChannelState[];
}

/** Identifies this ledger to receivers: the ids of alerts start at 1 in each ledger. */
export function selectLedgerId(db: Ledger): string {
  return String(db.prepare(`SELECT value FROM meta WHERE key = 'ledger_id'`).pluck().get());
}
