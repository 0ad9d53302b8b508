import type { SettingsHook } from '../shared/hook-settings.ts';
import { settingsInstaller } from '../shared/settings-installer.ts';
import { geminiFolder } from './chats.ts';

/** Timeouts in milliseconds. Gemini CLI waits for every hook, at the end of a session too. */
const HOOKS: readonly SettingsHook[] = [
  { event: 'AfterTool', timeout: 10_000 },
  { event: 'AfterAgent', timeout: 10_000 },
  { event: 'SessionEnd', timeout: 10_000 },
  { event: 'BeforeAgent', timeout: 10_000, isEnforcing: true },
];

export const geminiInstaller = settingsInstaller(
  (place) => `${geminiFolder(place)}/settings.json`,
  HOOKS,
);
