import { chmodSync, statSync } from 'node:fs';
import { SETTINGS, SETTING_KEYS } from '../../core/settings/table.ts';
import { fromEnvironment, valueIn } from '../../core/settings/resolve.ts';
import { type Environment, settingsPath } from '../machine/paths.ts';
import { userLayer } from './file.ts';

/** Whether others can read the file; Windows has no such permission bits. */
function isExposed(path: string): boolean {
  const stat = statSync(path, { throwIfNoEntry: false });
  return process.platform !== 'win32' && stat !== undefined && (stat.mode & 0o077) !== 0;
}

/** Restricts a file to its owner. @returns false if it already was */
export function keepPrivate(path: string): boolean {
  if (!isExposed(path)) return false;
  chmodSync(path, 0o600);
  return true;
}

/** The keys of effective secrets in the user's settings file, if others can read that file. */
export function exposedSecrets(env: Environment): { path: string; keys: string[] } {
  const path = settingsPath(env);
  const { layer } = userLayer(env);
  if (layer === null || !isExposed(path)) return { path, keys: [] };
  const keys = SETTING_KEYS.filter((key) => {
    const isSecret = SETTINGS[key].kind.isSecret === true;
    return isSecret && valueIn(layer.object, key) != null && fromEnvironment(key, env) === null;
  });
  return { path, keys };
}
