import {
  ALERT_LEVELS,
  type AlertLevel,
  type ChannelSettings,
  type Thresholds,
} from '../alert/alert.ts';
import { CHANNEL_SETTINGS, type ChannelSettingValues } from '../alert/channels.ts';
import type { JsonObject } from '../lang/json.ts';
import { DEFAULT_TICKET_PATTERN } from '../ticket-pattern.ts';
import { type PriceFallback, UNPRICED_RULES, type UnpricedRule } from './price-rules.ts';
import { channelLevels, thresholds } from './alert-kinds.ts';
import {
  type SessionExport,
  budgetsKind,
  choice,
  count,
  label,
  modelAliases,
  names,
  onOff,
  path,
  pattern,
  quietHours,
  sessionExport,
  sessionExportOfText,
  text,
  timezone,
} from './kinds.ts';
import { type Setting, asIs } from './setting.ts';

/** Every setting with the type of its value; those of alert channels: core/alert/channels.ts. */
export interface SettingValues extends ChannelSettingValues {
  'telemetry.path': string | null;
  'pricing.file': string | null;
  'pricing.fallback': PriceFallback;
  'pricing.freeTier': string[];
  'pricing.aliases': Record<string, string>;
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
  recording: boolean;
}

export type SettingKey = keyof SettingValues;

/** Robust scores that an amount has to reach: docs/anomaly-scoring.md shows what these find and miss. */
const ANOMALY_SCORES: Thresholds = { info: 2.5, warning: 3, critical: 5 };

/**
 * The table of settings. HOT PATH: the hook uses it at every tool call, so the descriptions for people are
 * separate, in descriptions.ts. An empty variable counts as unset.
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
  'pricing.aliases': {
    kind: modelAliases,
    default: {},
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
  ...CHANNEL_SETTINGS,
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
