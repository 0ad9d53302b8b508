import type { BudgetStep } from '../budget/budget.ts';
import { ALERT_CHANNELS, type AlertChannel, CHANNELS, type ChannelValues } from './channels.ts';

export { ALERT_CHANNELS, type AlertChannel } from './channels.ts';

/** How much an alert matters, from the least on. */
export const ALERT_LEVELS = ['info', 'warning', 'critical'] as const;
export type AlertLevel = (typeof ALERT_LEVELS)[number];

/** How an alert fares on one of them. */
export const DELIVERY_STATES = ['pending', 'sent', 'failed', 'cancelled'] as const;
export type DeliveryState = (typeof DELIVERY_STATES)[number];

export const ALERT_KINDS = ['budget', 'anomaly', 'velocity'] as const;
export type AlertKind = (typeof ALERT_KINDS)[number];

/** What an amount has to reach for each level; a level that is not there is never reached. */
export type Thresholds = Partial<Record<AlertLevel, number>>;

/** What an alert is about. */
export interface AlertFacts {
  kind: AlertKind;
  /** A budget's name; `day`, `session`, `request`; `hour`. */
  subject: string;
  /** Which one: a budget's window, a day, a session, a request, the start of a stretch. */
  windowKey: string;
  level: AlertLevel;
  /** Of a budget its own; the alert's level, of anything else. */
  step: BudgetStep;
  amountNanoUsd: number;
  /** What it is measured by: a budget's limit, the usual amount, the dollars of an hour. */
  limitNanoUsd: number | null;
  /** One line for people. */
  reason: string;
  sessionId: string | null;
  occurredAtMs: number;
}

/** An alert before it is kept. */
export interface AlertDraft extends AlertFacts {
  /** Of any number of drafts with one key the first is kept, whoever writes it and whenever. */
  key: string;
  /** When what it is about began; null where that is not known. */
  sinceMs: number | null;
  /** Where it is to go. */
  channels: readonly AlertChannel[];
}

/** The settings that decide where an alert goes. */
export interface ChannelSettings extends Pick<ChannelValues, ChannelSwitch> {
  /** The least level that goes out, of channels that say none of their own. */
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

/** Those of them that an alert of a level goes out by. */
export function channelsFor(settings: ChannelSettings, level: AlertLevel): AlertChannel[] {
  return channelsOn(settings).filter((channel) =>
    isAtLeast(level, settings.levels[channel] ?? settings.level),
  );
}

export function isAtLeast(level: AlertLevel, least: AlertLevel): boolean {
  return ALERT_LEVELS.indexOf(level) >= ALERT_LEVELS.indexOf(least);
}

/** The highest level whose threshold an amount reaches; null for none. */
export function levelReached(amount: number, thresholds: Thresholds): AlertLevel | null {
  const reached = ALERT_LEVELS.filter((level) => amount >= (thresholds[level] ?? Infinity));
  return reached.at(-1) ?? null;
}
