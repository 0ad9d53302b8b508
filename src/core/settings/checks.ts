import { DEFAULT_PERCENTS, isFault, parseBudget } from '../budget/spec.ts';
import { type JsonObject, asObject } from '../lang/json.ts';
import { closestMatch } from '../lang/closest-match.ts';
import { zoneOffset } from '../time/period.ts';
import { isTicketPattern } from '../ticket.ts';
import type { Kind } from './kinds.ts';
import { type SettingsLayer, shown } from './resolve.ts';
import { SETTINGS, SETTING_KEYS, type SettingKey } from './table.ts';

/** What commands check and the hook does not: it needs none of these, and each costs it time. */
const CHECKS: Partial<Record<Kind<unknown>['name'], (value: string) => boolean>> = {
  timezone: (value) => zoneOffset(value) !== null,
  // A project's file is a stranger's: nothing in it may move a terminal's cursor.
  label: (value) => /^\P{Cc}{1,100}$/u.test(value),
  pattern: (value) => /^\P{Cc}{1,200}$/u.test(value) && isTicketPattern(value),
};

/** Each budget counts by itself, so that one that is malformed takes no other along. */
function areSound(budgets: JsonObject): boolean {
  return Object.entries(budgets).every(
    ([name, given]) =>
      given === null || !isFault(parseBudget(name, given, 'settings', DEFAULT_PERCENTS)),
  );
}

export function isSound(key: SettingKey, value: unknown): boolean {
  return CHECKS[SETTINGS[key].kind.name]?.(value as string) !== false;
}

/** What is wrong with a value as a settings file has it; null where nothing is. */
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
/** For editors: names the schema. */
const SCHEMA_KEY = '$schema';

/** What a settings file says that does not count, because no such setting is its to set. */
export function foreignKeys({ by, path, object }: SettingsLayer): string[] {
  const found: string[] = [];
  const say = (key: string, reason: string | null): void => {
    if (reason !== null) found.push(`${path}: ${shown(key).slice(1, -1)}: ${reason}; ignored`);
  };
  for (const [name, value] of Object.entries(object)) {
    const inside = isSettingKey(name) || !GROUPS.has(name) ? null : asObject(value);
    for (const last of Object.keys(inside ?? {})) {
      const key = `${name}.${last}`;
      say(key, isSettingKey(key) ? reasonAgainst(key, by) : noSuchSetting(key, by));
    }
    if (inside !== null || name === SCHEMA_KEY) continue;
    if (name.includes('.') && isSettingKey(name)) say(name, `has to be ${nestedForm(name)}`);
    else if (isSettingKey(name)) say(name, reasonAgainst(name, by));
    else if (!GROUPS.has(name)) say(name, noSuchSetting(name, by));
    else if (value !== null) say(name, `${shown(value)} is no object`);
  }
  return found;
}

/** Why a file may not set it; null where it may. */
export function reasonAgainst(key: SettingKey, by: 'user' | 'project'): string | null {
  const { setBy, environment } = SETTINGS[key];
  if (setBy.includes(by)) return null;
  if (by === 'project') return 'a project may not set it';
  return setBy === 'environment'
    ? `only the environment sets it (${Object.keys(environment ?? {}).join(', ')})`
    : "only a project's .tallyhook.json may set it";
}

function noSuchSetting(key: string, by: 'user' | 'project'): string {
  if (by === 'project') return 'a project may not set it';
  const meant = closestMatch(key, [...SETTING_KEYS, ...GROUPS]);
  return `no such setting${meant === null ? '' : ` (did you mean ${meant}?)`}`;
}

function nestedForm(key: string): string {
  const [group = '', name = ''] = key.split('.');
  return `{${shown(group)}: {${shown(name)}: ...}}`;
}
