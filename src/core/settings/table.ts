import {
  ALERT_LEVELS,
  type AlertLevel,
  type ChannelSettings,
  type Thresholds,
} from '../alert/alert.ts';
import type { JsonObject } from '../lang/json.ts';
import { DEFAULT_TICKET_PATTERN } from '../ticket-pattern.ts';
import { type PriceFallback, UNPRICED_RULES, type UnpricedRule } from './price-rules.ts';
import {
  type Kind,
  type SessionExport,
  address,
  addresses,
  budgetsKind,
  channelLevels,
  choice,
  count,
  label,
  names,
  onOff,
  path,
  pattern,
  quietHours,
  secret,
  secretUrl,
  sessionExport,
  sessionExportOfText,
  text,
  thresholds,
  timezone,
} from './kinds.ts';

/** Every setting, and what is known of it once it was read. */
export interface SettingValues {
  'telemetry.path': string | null;
  'pricing.file': string | null;
  'pricing.fallback': PriceFallback;
  'pricing.freeTier': string[];
  'estimate.warnTokens': number;
  'statusline.template': string | null;
  'export.onSessionEnd': SessionExport | null;
  timezone: string | null;
  'project.name': string | null;
  'project.ticketPattern': string;
  'budget.unpriced': UnpricedRule;
  budgets: JsonObject;
  'alerts.level': AlertLevel;
  'alerts.levels': ChannelSettings['levels'];
  'alerts.quietHours': string | null;
  'alerts.quietPass': 'nothing' | 'critical';
  'alerts.budgetInfo': number;
  'alerts.velocity': Thresholds | null;
  'alerts.anomalies': Thresholds | null;
  'alerts.desktop': boolean;
  'alerts.webhookUrl': string | null;
  'alerts.webhookSecret': string | null;
  'alerts.slackUrl': string | null;
  'alerts.ntfyUrl': string | null;
  'alerts.ntfyToken': string | null;
  'alerts.email': boolean;
  'alerts.smtpHost': string | null;
  'alerts.smtpPort': number;
  'alerts.smtpUsername': string | null;
  'alerts.smtpPassword': string | null;
  'alerts.emailFrom': string | null;
  'alerts.emailTo': string[];
  recording: boolean;
}

export type SettingKey = keyof SettingValues;

/** Who may set it: a project's file comes with a repository that may be hostile. */
type SetBy = 'user' | 'project' | 'user or project' | 'user, stricter by project' | 'environment';

export interface Setting<Value = unknown> {
  kind: Kind<NonNullable<Value>> | Kind<Value>;
  default: Value;
  setBy: SetBy;
  /** Variables that beat every file, the strongest first; undefined for a text that says nothing. */
  environment?: Record<string, (text: string) => Value | undefined>;
}

const asIs = (value: string): string => value;
const asOnOff = (value: string): boolean | undefined =>
  /^(?:1|true|yes|on)$/i.test(value.trim())
    ? true
    : /^(?:0|false|no|off)$/i.test(value.trim())
      ? false
      : undefined;
const readBy =
  <Value>(kind: Kind<Value>) =>
  (value: string): Value | undefined =>
    kind.read(value);
const ownSecret = (variable: string, kind: Kind<string>): Setting<string | null> => ({
  kind,
  default: null,
  setBy: 'user',
  environment: { [variable]: readBy(kind) },
});

/** Robust scores that an amount has to reach: docs/alerts.md shows what these find and miss. */
const ANOMALY_SCORES: Thresholds = { info: 2.5, warning: 3, critical: 5 };

/**
 * The table of settings. HOT PATH: the hook reads by it at every tool call; what is said of them to
 * people is in words.ts.
 * An empty variable is as good as none.
 */
export const SETTINGS: { readonly [Key in SettingKey]: Setting<SettingValues[Key]> } = {
  'telemetry.path': {
    kind: path,
    default: null,
    setBy: 'user',
    environment: { TELEMETRY_DB_PATH: asIs },
  },
  'pricing.file': {
    kind: path,
    default: null,
    setBy: 'user',
    environment: { CUSTOM_COSTS_FILE: asIs },
  },
  'pricing.fallback': {
    kind: choice(['opus', 'sonnet', 'zero', 'none']),
    default: 'opus',
    setBy: 'user',
  },
  'pricing.freeTier': {
    kind: names('providers'),
    default: [],
    setBy: 'user',
  },
  'estimate.warnTokens': {
    kind: count('tokens'),
    default: 10_000,
    setBy: 'user',
  },
  'statusline.template': {
    kind: text,
    default: null,
    setBy: 'user',
  },
  'export.onSessionEnd': {
    kind: sessionExport,
    default: null,
    setBy: 'user',
    environment: { EXPORT_COSTS_ON_EXIT: sessionExportOfText },
  },
  timezone: {
    kind: timezone,
    default: null,
    setBy: 'user',
  },
  'project.name': {
    kind: label,
    default: null,
    setBy: 'project',
  },
  'project.ticketPattern': {
    kind: pattern,
    default: DEFAULT_TICKET_PATTERN,
    setBy: 'user or project',
  },
  'budget.unpriced': {
    kind: choice(UNPRICED_RULES),
    default: 'count',
    setBy: 'user',
  },
  budgets: {
    kind: budgetsKind,
    default: {},
    setBy: 'user, stricter by project',
  },
  'alerts.level': { kind: choice(ALERT_LEVELS), default: 'warning', setBy: 'user' },
  'alerts.levels': { kind: channelLevels, default: {}, setBy: 'user' },
  'alerts.quietHours': { kind: quietHours, default: null, setBy: 'user' },
  'alerts.quietPass': {
    kind: choice(['nothing', 'critical']),
    default: 'nothing',
    setBy: 'user',
  },
  'alerts.budgetInfo': { kind: count('percent'), default: 0, setBy: 'user' },
  'alerts.velocity': { kind: thresholds('dollars an hour'), default: null, setBy: 'user' },
  'alerts.anomalies': {
    kind: thresholds('scores'),
    default: ANOMALY_SCORES,
    setBy: 'user',
  },
  'alerts.desktop': { kind: onOff, default: false, setBy: 'user' },
  'alerts.webhookUrl': ownSecret('TALLYHOOK_WEBHOOK_URL', secretUrl),
  'alerts.webhookSecret': ownSecret('TALLYHOOK_WEBHOOK_SECRET', secret),
  'alerts.slackUrl': ownSecret('TALLYHOOK_SLACK_URL', secretUrl),
  'alerts.ntfyUrl': ownSecret('TALLYHOOK_NTFY_URL', secretUrl),
  'alerts.ntfyToken': ownSecret('TALLYHOOK_NTFY_TOKEN', secret),
  'alerts.email': {
    kind: onOff,
    default: false,
    setBy: 'user',
    environment: { ENABLE_EMAIL_ALERTS: asOnOff },
  },
  'alerts.smtpHost': {
    kind: text,
    default: null,
    setBy: 'user',
    environment: { SMTP_HOST: asIs },
  },
  'alerts.smtpPort': {
    kind: count('a port'),
    default: 587,
    setBy: 'user',
    environment: { SMTP_PORT: (value) => (/^\d{1,5}$/.test(value) ? Number(value) : undefined) },
  },
  'alerts.smtpUsername': {
    kind: text,
    default: null,
    setBy: 'user',
    environment: { SMTP_USERNAME: asIs },
  },
  'alerts.smtpPassword': ownSecret('SMTP_PASSWORD', secret),
  'alerts.emailFrom': {
    kind: address,
    default: null,
    setBy: 'user',
    environment: { ALERT_FROM_EMAIL: readBy(address) },
  },
  'alerts.emailTo': {
    kind: addresses,
    default: [],
    setBy: 'user',
    environment: { ALERT_TO_EMAILS: readBy(addresses) },
  },
  recording: {
    kind: onOff,
    default: true,
    setBy: 'environment',
    environment: {
      TALLYHOOK_DISABLE: (value) => (value === '1' ? false : undefined),
      TRACK_COSTS: (value) => (value === 'false' ? false : undefined),
    },
  },
};

export const SETTING_KEYS = Object.keys(SETTINGS) as SettingKey[];
