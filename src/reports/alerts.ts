import type { AlertChannel, AlertKind, AlertLevel, DeliveryState } from '../core/alert/alert.ts';
import type { ChannelState, Delivery, StoredAlert } from '../store/alerts/reader.ts';

/** An alert as JSON, in `alerts --json` and in webhooks. */
export interface AlertJson {
  /** Identifies the alert for its receivers, also if it is delivered twice. */
  id: string;
  /** The number that `alerts ack` takes. */
  number: number;
  kind: AlertKind;
  level: AlertLevel;
  subject: string;
  windowKey: string;
  amountNanoUsd: number;
  amountUsd: number;
  limitNanoUsd: number | null;
  limitUsd: number | null;
  reason: string;
  sessionId: string | null;
  project: string | null;
  at: string;
  acknowledgedAt: string | null;
}

/** The body of a webhook. */
export interface AlertDocument extends AlertJson {
  schemaVersion: 1;
  type: 'alert';
}

export interface DeliveryJson {
  channel: AlertChannel;
  state: DeliveryState;
  attempts: number;
  lastError: string | null;
  sentAt: string | null;
}

/** The state of a channel, for `alerts`, the server and `doctor`. */
export interface ChannelJson {
  channel: AlertChannel;
  isOn: boolean;
  /** Null: no problem is known. */
  problem: string | null;
  sent: number;
  pending: number;
  /** Deliveries that were given up. */
  failed: number;
  attempts: number;
  lastSentAt: string | null;
  nextTryAt: string | null;
}

export function alertJson(alert: StoredAlert, ledgerId: string): AlertJson {
  const { id, amountNanoUsd, limitNanoUsd } = alert;
  return {
    id: `${ledgerId.toLowerCase()}-${id}`,
    number: id,
    kind: alert.kind,
    level: alert.level,
    subject: alert.subject,
    windowKey: alert.windowKey,
    amountNanoUsd,
    amountUsd: amountNanoUsd / 1e9,
    limitNanoUsd,
    limitUsd: limitNanoUsd === null ? null : limitNanoUsd / 1e9,
    reason: alert.reason,
    sessionId: alert.sessionId,
    project: alert.project,
    at: new Date(alert.occurredAtMs).toISOString(),
    acknowledgedAt: iso(alert.acknowledgedAtMs),
  };
}

export function deliveryJson(delivery: Delivery): DeliveryJson {
  const { channel, state, attempts, lastError, finishedAtMs } = delivery;
  const sentAt = state === 'sent' ? iso(finishedAtMs) : null;
  return { channel, state, attempts, lastError, sentAt };
}

/**
 * Every channel that is switched on or has pending deliveries.
 * @param problems problems with a channel's settings; they take precedence over past deliveries
 */
export function channelReport(
  states: readonly ChannelState[],
  on: readonly AlertChannel[],
  problems: ReadonlyMap<AlertChannel, string>,
): ChannelJson[] {
  const byName = new Map(states.map((state) => [state.channel, state]));
  const names = [...new Set([...on, ...states.map(({ channel }) => channel)])].sort();
  return names.map((channel) => {
    const state = byName.get(channel);
    return {
      channel,
      isOn: on.includes(channel),
      problem: problems.get(channel) ?? state?.lastError ?? null,
      sent: state?.sent ?? 0,
      pending: state?.pending ?? 0,
      failed: state?.failed ?? 0,
      attempts: state?.attempts ?? 0,
      lastSentAt: iso(state?.lastSentAtMs ?? null),
      nextTryAt: iso(state?.nextTryAtMs ?? null),
    };
  });
}

function iso(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}
