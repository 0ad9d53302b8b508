import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { asArray, asObject, asText, parseJson } from '../../core/lang/json.ts';
import { MAX_SETTINGS_BYTES, readTextOrNull } from '../../files/read-bounded.ts';
import { userSettingsPath } from './client-settings.ts';
import { type Environment, clientConfigFolders } from '../machine/paths.ts';

/** Where Claude Code has settings from; a later one beats an earlier one, hooks of all of them run. */
export type SettingsScope = 'user' | 'project' | 'local' | 'managed';

/** What an administrator sets. */
const MANAGED: Partial<Record<NodeJS.Platform, string>> = {
  darwin: '/Library/Application Support/ClaudeCode/managed-settings.json',
  linux: '/etc/claude-code/managed-settings.json',
  win32: 'C:\\ProgramData\\ClaudeCode\\managed-settings.json',
};

export function localSettingsPath(cwd: string): string {
  return resolve(cwd, '.claude', 'settings.local.json');
}

/** Every settings file that counts in a folder, whether it is there or not. */
export function settingsFiles(env: Environment, cwd: string): [SettingsScope, string][] {
  const all: [SettingsScope, string | undefined][] = [
    ['user', userSettingsPath(env)],
    ['project', resolve(cwd, '.claude', 'settings.json')],
    ['local', localSettingsPath(cwd)],
    ['managed', MANAGED[process.platform]],
  ];
  const known = new Set<string>();
  return all.flatMap(([scope, path]): [SettingsScope, string][] => {
    // In the home folder the user's settings are the project's too.
    if (path === undefined || known.has(path)) return [];
    known.add(path);
    return [[scope, path]];
  });
}

/** An installed plugin's folder as its hooks run in it; null where there is none any more. */
export function pluginFolder(env: Environment, plugin: string): string | null {
  const [name = '', marketplace = ''] = plugin.split('@');
  for (const config of clientConfigFolders(env)) {
    const folder = join(config, 'plugins');
    const known = asObject(readJson(join(folder, 'known_marketplaces.json'))?.[marketplace]);
    const place = asText(known?.['installLocation']);
    // A marketplace that is a folder is read in place; of others the client keeps a copy.
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

/** What a plugin registers, as its `hooks/hooks.json` has it; null where it has none. */
export function pluginHooks(folder: string): string | null {
  const limits = { maxBytes: MAX_SETTINGS_BYTES, within: folder };
  return readTextOrNull(join(folder, 'hooks/hooks.json'), limits);
}

function readJson(path: string): Record<string, unknown> | null {
  const limits = { maxBytes: MAX_SETTINGS_BYTES, within: null };
  return asObject(parseJson(readTextOrNull(path, limits) ?? ''));
}
