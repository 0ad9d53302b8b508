import { chmodSync, rmSync, statSync } from 'node:fs';
import { SETTINGS, SETTING_KEYS, type SettingKey } from '../../core/settings/table.ts';
import { fromEnvironment, valueIn } from '../../core/settings/resolve.ts';
import { type Environment, settingsPath } from '../machine/paths.ts';
import { deleteFile, openTextFile } from '../files/text.ts';
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

/** The keys of all secrets in the user's settings file. */
export function findSecrets(env: Environment): { path: string; keys: SettingKey[] } {
  const { layer } = userLayer(env);
  const keys = SETTING_KEYS.filter(
    (key) => SETTINGS[key].kind.isSecret === true && valueIn(layer?.object ?? {}, key) != null,
  );
  return { path: settingsPath(env), keys };
}

/** Deletes a settings file, and what a link in its place leads to. */
export function deleteSettings(path: string): void {
  deleteFile(openTextFile(path));
  rmSync(path, { force: true });
}

/** The keys of effective secrets in the user's settings file, if others can read that file. */
export function exposedSecrets(env: Environment): { path: string; keys: string[] } {
  const path = settingsPath(env);
  if (!isExposed(path)) return { path, keys: [] };
  const keys = findSecrets(env).keys.filter((key) => fromEnvironment(key, env) === null);
  return { path, keys };
}
