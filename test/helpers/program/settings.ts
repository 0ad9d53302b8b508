import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Home } from '../home.ts';
import { cli } from './run.ts';

export interface ShownSettings {
  projectFile: string | null;
  settings: { key: string; value: unknown; origin: string; source: string | null }[];
  warnings: string[];
}

export function settingsFile(home: Home): string {
  return join(home.folder, '.config/tallyhook/settings.json');
}

/** Writes the user's settings file with exactly this text. */
export function givenSettings(home: Home, text: string): string {
  const path = settingsFile(home);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return path;
}

export function shownSettings(
  home: Home,
  options: { env?: Record<string, string>; cwd?: string } = {},
): ShownSettings {
  return JSON.parse(cli(home, ['config', 'show', '--json'], options).stdout) as ShownSettings;
}

export function settingOf(
  home: Home,
  key: string,
  options: { env?: Record<string, string>; cwd?: string } = {},
): Partial<ShownSettings['settings'][number]> {
  return shownSettings(home, options).settings.find((setting) => setting.key === key) ?? {};
}
