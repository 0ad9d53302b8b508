import type { BudgetStep } from '../budget/budget.ts';
import { ALERT_CHANNELS, type AlertChannel, CHANNELS, type ChannelValues } from './channels.ts';

export { ALERT_CHANNELS, type AlertChannel } from './channels.ts';

/** Severity of an alert, in rising order. */
export const ALERT_LEVELS = ['info', 'warning', 'critical'] as const;
export type AlertLevel = (typeof ALERT_LEVELS)[number];

/** State of an alert's delivery on one channel. */
export const DELIVERY_STATES = ['pending', 'sent', 'failed', 'cancelled'] as const;
export type DeliveryState = (typeof DELIVERY_STATES)[number];

export const ALERT_KINDS = ['budget', 'anomaly', 'velocity'] as const;
export type AlertKind = (typeof ALERT_KINDS)[number];

/** The amount to reach for each level; a level that is absent is never reached. */
export type Thresholds = Partial<Record<AlertLevel, number>>;

/** The subject of an alert. */
export interface AlertFacts {
  kind: AlertKind;
  /** A budget's name, or `day`, `session`, `request` or `hour`. */
  subject: string;
  /** Which window: that of a budget, a day, a session, a request, or the start of an expensive period. */
  windowKey: string;
  level: AlertLevel;
  /** For a budget its own step, otherwise the alert's level. */
  step: BudgetStep;
  amountNanoUsd: number;
  /** The reference amount: a budget's limit, the usual amount, or the threshold of an hour. */
  limitNanoUsd: number | null;
  /** One line of text for people. */
  reason: string;
  sessionId: string | null;
  occurredAtMs: number;
}

/** An alert before it is stored. */
export interface AlertDraft extends AlertFacts {
  /** Only the first of all drafts with the same key is stored, whoever writes it and whenever. */
  key: string;
  /** When the subject began; null if that is not known. */
  sinceMs: number | null;
  /** The channels to send it to. */
  channels: readonly AlertChannel[];
}

/** The settings that decide where an alert is sent. */
export interface ChannelSettings extends Pick<ChannelValues, ChannelSwitch> {
  /** The lowest level that is sent, for channels without a level of their own. */
  level: AlertLevel;
  levels: Partial<Record<AlertChannel, AlertLevel>>;
}

type ChannelSwitch = (typeof CHANNELS)[AlertChannel]['onBy'];

/** The channels that are switched on. HOT PATH. */
export function channelsOn(settings: ChannelSettings): AlertChannel[] {
  return ALERT_CHANNELS.filter((channel) => {
    const value = settings[CHANNELS[channel].onBy];
    return value !== null && value !== false;
  });
}

/** The channels that send alerts of this level. */
export function channelsFor(settings: ChannelSettings, level: AlertLevel): AlertChannel[] {
  return channelsOn(settings).filter((channel) =>
    isAtLeast(level, settings.levels[channel] ?? settings.level),
  );
}

export function isAtLeast(level: AlertLevel, least: AlertLevel): boolean {
  return ALERT_LEVELS.indexOf(level) >= ALERT_LEVELS.indexOf(least);
}

/** The highest level whose threshold an amount reaches; null if it reaches none. */
export function levelReached(amount: number, thresholds: Thresholds): AlertLevel | null {
  const reached = ALERT_LEVELS.filter((level) => amount >= (thresholds[level] ?? Infinity));
  return reached.at(-1) ?? null;
}
