import type { JsonObject } from '../json.ts';
import type { PriceFallback } from '../price-table.ts';
import { UNPRICED_RULES, type UnpricedRule } from '../unpriced.ts';
import {
  type Kind,
  type SessionExport,
  budgets,
  choice,
  count,
  label,
  names,
  onOff,
  path,
  pattern,
  sessionExport,
  text,
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
    environment: { EXPORT_COSTS_ON_EXIT: exportOfText },
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
    default: String.raw`[A-Z][A-Z0-9]+-\d+`,
    setBy: 'user or project',
  },
  'budget.unpriced': {
    kind: choice(UNPRICED_RULES),
    default: 'count',
    setBy: 'user',
  },
  budgets: {
    kind: budgets,
    default: {},
    setBy: 'user, stricter by project',
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

/** As older trackers read it: on or off, or a folder, or a file by its ending. */
function exportOfText(value: string): SessionExport | null {
  const asked = value.trim();
  if (/^(?:0|false|no|off)$/i.test(asked)) return null;
  if (/^(?:1|true|yes|on)$/i.test(asked)) return { format: 'json', folder: null };
  const format = /\.(json|csv|ndjson)$/i.exec(asked)?.[1]?.toLowerCase() ?? 'json';
  return { format: format as SessionExport['format'], folder: asked };
}
