import { type JsonObject, asObject } from '../lang/json.ts';
import { SETTINGS, SETTING_KEYS, type SettingKey, type SettingValues } from './table.ts';

type GroupOf<Key> = Key extends `${infer Group}.${string}` ? Group : never;
type NamesIn<Group extends string> = {
  [Key in SettingKey as Key extends `${Group}.${infer Name}` ? Name : never]: SettingValues[Key];
};
type Ungrouped = {
  [Key in SettingKey as Key extends `${string}.${string}` ? never : Key]: SettingValues[Key];
};

/** The settings in the form that programs read: `settings.pricing.fallback`. */
export type Settings = { [Group in GroupOf<SettingKey>]: NamesIn<Group> } & Ungrouped & {
    /** One warning per invalid value, naming the file, the key and the value. */
    warnings: string[];
  };

/** The contents of one settings file. */
export interface SettingsLayer {
  by: 'project' | 'user';
  path: string;
  object: JsonObject;
}

export type Origin =
  | { by: 'default' }
  | { by: 'environment'; name: string }
  | { by: 'project' | 'user'; path: string };

/** Where a setting may come from. */
export const SETTING_ORIGINS = [
  'default',
  'user',
  'project',
  'environment',
] as const satisfies readonly Origin['by'][];

export interface Resolved {
  settings: Settings;
  origins: Record<SettingKey, Origin>;
}

const DEFAULT: Origin = { by: 'default' };

/** Additional check of a value that its kind accepts. */
export type SettingCheck = (key: SettingKey, value: unknown) => boolean;

/**
 * Resolves the value of each setting: the environment's, otherwise that of the first layer with a valid
 * value, otherwise the default. HOT PATH: the hook leaves out the check.
 */
export function resolveSettings(
  env: Record<string, string | undefined>,
  layers: readonly SettingsLayer[],
  check: SettingCheck = () => true,
): Resolved {
  const settings: Record<string, unknown> = {};
  const origins: Partial<Record<SettingKey, Origin>> = {};
  const warnings: string[] = [];
  for (const key of SETTING_KEYS) {
    const match = fromEnvironment(key, env) ?? fromLayers(key, layers, check, warnings);
    const dot = key.indexOf('.');
    const group = dot < 0 ? settings : ((settings[key.slice(0, dot)] ??= {}) as JsonObject);
    group[key.slice(dot + 1)] = match === null ? SETTINGS[key].default : match.value;
    origins[key] = match === null ? DEFAULT : match.origin;
  }
  settings['warnings'] = warnings;
  return { settings: settings as unknown as Settings, origins: origins as Resolved['origins'] };
}

interface Found {
  value: unknown;
  origin: Origin;
}

/** The value that the environment sets; null if it sets none. */
export function fromEnvironment(
  key: SettingKey,
  env: Record<string, string | undefined>,
): Found | null {
  const { environment } = SETTINGS[key];
  if (environment === undefined) return null;
  for (const name of Object.keys(environment)) {
    const text = env[name];
    const value = text === undefined || text === '' ? undefined : environment[name]?.(text);
    if (value !== undefined) return { value, origin: { by: 'environment', name } };
  }
  return null;
}

function fromLayers(
  key: SettingKey,
  layers: readonly SettingsLayer[],
  check: SettingCheck,
  warnings: string[],
): Found | null {
  const { kind, setBy } = SETTINGS[key];
  for (const { by, path, object } of layers) {
    const given = valueIn(object, key);
    // What a project adds never replaces what the user set: see budgets/effective.ts.
    const isOwn =
      setBy.includes(by) && !(by === 'project' && setBy === 'user, stricter by project');
    if (given == null || !isOwn) continue;
    const value = kind.read(given);
    if (value !== undefined && check(key, value)) return { value, origin: { by, path } };
    const what = kind.isSecret === true ? 'the value' : shown(given);
    warnings.push(`${path}: ${key}: ${what} ${kind.fault}; ignored`);
  }
  return null;
}

/** The value of a key in a settings file; null means the same as absent. */
export function valueIn(object: JsonObject, key: string): unknown {
  const dot = key.indexOf('.');
  if (dot < 0) return object[key];
  return asObject(object[key.slice(0, dot)])?.[key.slice(dot + 1)];
}

/** A value of unknown size, shortened to fit a line. */
export function shown(value: unknown): string {
  return (JSON.stringify(value) ?? 'nothing').slice(0, 80);
}
