import type { SettingsHook } from '../shared/hook-settings.ts';
import { settingsInstaller } from '../shared/settings-installer.ts';
import { qwenHome } from './chats.ts';

/** Timeouts in seconds. */
const HOOKS: readonly SettingsHook[] = [
  { event: 'PostToolUse', timeout: 10 },
  { event: 'PostToolUseFailure', timeout: 10 },
  { event: 'Stop', timeout: 10 },
  { event: 'SubagentStop', timeout: 10 },
  { event: 'SessionEnd', timeout: 10 },
  { event: 'UserPromptSubmit', timeout: 10, isEnforcing: true },
];

export const qwenInstaller = settingsInstaller(
  (place) => `${qwenHome(place)}/settings.json`,
  HOOKS,
);
