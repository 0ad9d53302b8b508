import { DEFAULT_PERCENTS, isFault, parseBudget } from '../budget/spec.ts';
import { type JsonObject, asObject } from '../lang/json.ts';
import { closestMatch } from '../lang/closest-match.ts';
import { zoneOffset } from '../time/period.ts';
import { isTicketPattern } from '../ticket.ts';
import type { Kind } from './kinds.ts';
import { type SettingsLayer, shown } from './resolve.ts';
import { SETTINGS, SETTING_KEYS, type SettingKey } from './table.ts';

/** Checks that commands make and the hook does not: it needs none of them, and each takes time. */
const CHECKS: Partial<Record<Kind<unknown>['name'], (value: string) => boolean>> = {
  timezone: (value) => zoneOffset(value) !== null,
  // A project's file is a stranger's: nothing in it may move a terminal's cursor.
  label: (value) => /^\P{Cc}{1,100}$/u.test(value),
  pattern: (value) => /^\P{Cc}{1,200}$/u.test(value) && isTicketPattern(value),
};

/** Each budget is checked on its own, so that a malformed one does not invalidate the others. */
function areSound(budgets: JsonObject): boolean {
  return Object.entries(budgets).every(
    ([name, given]) =>
      given === null || !isFault(parseBudget(name, given, 'settings', DEFAULT_PERCENTS)),
  );
}

export function isSound(key: SettingKey, value: unknown): boolean {
  return CHECKS[SETTINGS[key].kind.name]?.(value as string) !== false;
}

/** What is wrong with a value from a settings file; null if it is valid. */
export function findSettingFault(key: SettingKey, given: unknown): string | null {
  const { kind } = SETTINGS[key];
  const value = kind.read(given);
  if (value === undefined || !isSound(key, value)) return kind.fault;
  return kind.name !== 'budgets' || areSound(value as JsonObject) ? null : kind.fault;
}

export function isSettingKey(key: string): key is SettingKey {
  return Object.hasOwn(SETTINGS, key);
}

const GROUPS = new Set(SETTING_KEYS.map((key) => key.split('.')[0] ?? key));
/** Names the schema for editors. */
const SCHEMA_KEY = '$schema';

/** A warning for each key of a settings file that is unknown or that this file cannot set. */
export function foreignKeys({ by, path, object }: SettingsLayer): string[] {
  const warnings: string[] = [];
  const warn = (key: string, reason: string | null): void => {
    if (reason !== null) warnings.push(`${path}: ${shown(key).slice(1, -1)}: ${reason}; ignored`);
  };
  for (const [name, value] of Object.entries(object)) {
    const inside = isSettingKey(name) || !GROUPS.has(name) ? null : asObject(value);
    for (const last of Object.keys(inside ?? {})) {
      const key = `${name}.${last}`;
      warn(key, isSettingKey(key) ? reasonAgainst(key, by) : noSuchSetting(key, by));
    }
    if (inside !== null || name === SCHEMA_KEY) continue;
    if (name.includes('.') && isSettingKey(name))
      warn(name, `must be written as ${nestedForm(name)}`);
    else if (isSettingKey(name)) warn(name, reasonAgainst(name, by));
    else if (!GROUPS.has(name)) warn(name, noSuchSetting(name, by));
    else if (value !== null) warn(name, `${shown(value)} is not an object`);
  }
  return warnings;
}

/** Why a file cannot set this setting; null if it can. */
export function reasonAgainst(key: SettingKey, by: 'user' | 'project'): string | null {
  const { setBy, environment } = SETTINGS[key];
  if (setBy.includes(by)) return null;
  if (by === 'project') return 'a project cannot set it';
  return setBy === 'environment'
    ? `only the environment can set it (${Object.keys(environment ?? {}).join(', ')})`
    : "only a project's .tallyhook.json can set it";
}

function noSuchSetting(key: string, by: 'user' | 'project'): string {
  if (by === 'project') return 'a project cannot set it';
  const meant = closestMatch(key, [...SETTING_KEYS, ...GROUPS]);
  return `no such setting${meant === null ? '' : ` (did you mean ${meant}?)`}`;
}

function nestedForm(key: string): string {
  const [group = '', name = ''] = key.split('.');
  return `{${shown(group)}: {${shown(name)}: ...}}`;
}
