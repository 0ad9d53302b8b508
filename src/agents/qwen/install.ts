import type { AgentInstaller } from '../installer.ts';
import {
  type SettingsHook,
  addSettingsHooks,
  removeSettingsHooks,
  settingsCommands,
} from '../shared/hook-settings.ts';
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

export const qwenInstaller: AgentInstaller = {
  files: (place) => [`${qwenHome(place)}/settings.json`],
  add: (path, text, command, { isEnforcing }) =>
    addSettingsHooks(
      path,
      text,
      command,
      HOOKS.filter((hook) => isEnforcing || hook.isEnforcing !== true),
    ),
  remove: removeSettingsHooks,
  commands: settingsCommands,
  manualSteps: () => [],
};
