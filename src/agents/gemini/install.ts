import type { AgentInstaller } from '../installer.ts';
import {
  type SettingsHook,
  addSettingsHooks,
  removeSettingsHooks,
  settingsCommands,
} from '../shared/hook-settings.ts';
import { geminiFolder } from './chats.ts';

/** Timeouts in milliseconds. Gemini CLI waits for every hook, at the end of a session too. */
const HOOKS: readonly SettingsHook[] = [
  { event: 'AfterTool', timeout: 10_000 },
  { event: 'AfterAgent', timeout: 10_000 },
  { event: 'SessionEnd', timeout: 10_000 },
  { event: 'BeforeAgent', timeout: 10_000, isEnforcing: true },
];

export const geminiInstaller: AgentInstaller = {
  files: (place) => [`${geminiFolder(place)}/settings.json`],
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
