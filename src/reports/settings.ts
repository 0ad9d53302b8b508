import type { Origin, Resolved } from '../core/settings/resolve.ts';
import { SETTINGS, SETTING_KEYS, type SettingKey } from '../core/settings/table.ts';

export interface SettingJson {
  key: SettingKey;
  /** The value in effect; null if nothing is set and there is no substitute. */
  value: unknown;
  origin: Origin['by'];
  /** The file or variable the value comes from; null for a default. */
  source: string | null;
}

export interface SettingsReport {
  schemaVersion: 1;
  /** The user's settings file, whether or not it exists. */
  file: string;
  projectFile: string | null;
  settings: SettingJson[];
  warnings: string[];
}

/** @param standIns the values in effect where nothing is set and the machine decides */
export function settingsReport(
  { settings, origins }: Resolved,
  standIns: Partial<Record<SettingKey, unknown>>,
): SettingJson[] {
  return SETTING_KEYS.map((key) => {
    const origin = origins[key];
    return {
      key,
      value: masked(key, standIns[key] ?? getSettingValue(settings, key) ?? nothing(key)),
      origin: origin.by,
      source: getOriginSource(origin),
    };
  });
}

function getSettingValue(settings: Resolved['settings'], key: SettingKey): unknown {
  const dot = key.indexOf('.');
  const group = dot < 0 ? settings : settings[key.slice(0, dot) as keyof typeof settings];
  return (group as Record<string, unknown>)[key.slice(dot + 1)];
}

function nothing(key: SettingKey): unknown {
  const { name } = SETTINGS[key].kind;
  return name === 'export' || name === 'thresholds' ? false : null;
}

/** A secret only shows that it is set, a secret URL only its host. */
export function masked(key: SettingKey, value: unknown): unknown {
  const { name, isSecret } = SETTINGS[key].kind;
  if (isSecret !== true || typeof value !== 'string') return value;
  const host = name === 'url' ? /^https?:\/\/(?:[^/@]*@)?([^/?#]+)/.exec(value)?.[0] : undefined;
  return host === undefined ? '********' : `${host.replace(/\/\/[^/@]*@/, '//')}/********`;
}

function getOriginSource(origin: Origin): string | null {
  if (origin.by === 'default') return null;
  return origin.by === 'environment' ? origin.name : origin.path;
}
