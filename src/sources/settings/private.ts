import { chmodSync, statSync } from 'node:fs';
import { SETTINGS, SETTING_KEYS } from '../../core/settings/table.ts';
import { fromEnvironment, valueIn } from '../../core/settings/resolve.ts';
import { type Environment, settingsPath } from '../machine/paths.ts';
import { userLayer } from './file.ts';

/** Others may read a file; Windows has no such bits. */
function isExposed(path: string): boolean {
  const stat = statSync(path, { throwIfNoEntry: false });
  return process.platform !== 'win32' && stat !== undefined && (stat.mode & 0o077) !== 0;
}

/** Takes a file from everybody but its owner. @returns false where it was so */
export function keepPrivate(path: string): boolean {
  if (!isExposed(path)) return false;
  chmodSync(path, 0o600);
  return true;
}

/** Secrets that count from the user's settings file, by their keys, where others may read it; else none. */
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
