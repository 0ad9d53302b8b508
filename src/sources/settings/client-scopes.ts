import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { OWN_FOLDER } from '../../agents/claude-code/folders.ts';
import { asArray, asObject, asText, parseJson } from '../../core/lang/json.ts';
import { MAX_SETTINGS_BYTES, readTextOrNull } from '../../files/read-bounded.ts';
import { userSettingsPaths } from './client-settings.ts';
import { type Environment, clientConfigFolders } from '../machine/paths.ts';

/**
 * Where Claude Code reads settings from. A later one overrides an earlier one; the hooks of all of them
 * run.
 */
export type SettingsScope = 'user' | 'project' | 'local' | 'managed';

/** The administrator's settings. */
const MANAGED: Partial<Record<NodeJS.Platform, string>> = {
  darwin: '/Library/Application Support/ClaudeCode/managed-settings.json',
  linux: '/etc/claude-code/managed-settings.json',
  win32: 'C:\\ProgramData\\ClaudeCode\\managed-settings.json',
};

export function localSettingsPath(cwd: string): string {
  return resolve(cwd, OWN_FOLDER, 'settings.local.json');
}

/** Every settings file that applies in a folder, whether it exists or not. */
export function settingsFiles(env: Environment, cwd: string): [SettingsScope, string][] {
  const all: [SettingsScope, string | undefined][] = [
    ...userSettingsPaths(env).map((path): [SettingsScope, string] => ['user', path]),
    ['project', resolve(cwd, OWN_FOLDER, 'settings.json')],
    ['local', localSettingsPath(cwd)],
    ['managed', MANAGED[process.platform]],
  ];
  const listed = new Set<string>();
  return all.flatMap(([scope, path]): [SettingsScope, string][] => {
    // In the home folder, the user's settings are also the project's.
    if (path === undefined || listed.has(path)) return [];
    listed.add(path);
    return [[scope, path]];
  });
}

/** The folder that an installed plugin's hooks run in; null if it does not exist any more. */
export function pluginFolder(env: Environment, plugin: string): string | null {
  const [name = '', marketplace = ''] = plugin.split('@');
  for (const config of clientConfigFolders(env)) {
    const folder = join(config, 'plugins');
    const entry = asObject(readJson(join(folder, 'known_marketplaces.json'))?.[marketplace]);
    const place = asText(entry?.['installLocation']);
    // A marketplace that is a local folder is used in place; of others Claude Code keeps a copy.
    if (place !== null) {
      const listed = readJson(join(place, '.claude-plugin/marketplace.json'));
      const plugins = asArray(listed?.['plugins']).map(asObject);
      const source = asText(plugins.find((one) => one?.['name'] === name)?.['source']);
      const inPlace = source === null ? null : join(place, source);
      if (inPlace !== null && existsSync(inPlace)) return inPlace;
    }
    const installed = asObject(readJson(join(folder, 'installed_plugins.json'))?.['plugins']);
    const copies = asArray(installed?.[plugin]).map((one) =>
      asText(asObject(one)?.['installPath']),
    );
    const copy = copies.find((path) => path !== null && existsSync(path));
    if (copy != null) return copy;
  }
  return null;
}

/** The plugin's `hooks/hooks.json`, which registers its hooks; null if it has none. */
export function pluginHooks(folder: string): string | null {
  const limits = { maxBytes: MAX_SETTINGS_BYTES, within: folder };
  return readTextOrNull(join(folder, 'hooks/hooks.json'), limits);
}

function readJson(path: string): Record<string, unknown> | null {
  const limits = { maxBytes: MAX_SETTINGS_BYTES, within: null };
  return asObject(parseJson(readTextOrNull(path, limits) ?? ''));
}
