import type { AgentInstaller } from '../installer.ts';
import type { AgentPlace } from '../source.ts';
import {
  type SettingsHook,
  addSettingsHooks,
  removeSettingsHooks,
  settingsCommands,
} from './hook-settings.ts';

/** The installer of an agent whose hooks are in one settings file of Claude Code's shape. */
export function settingsInstaller(
  fileOf: (place: AgentPlace) => string,
  hooks: readonly SettingsHook[],
): AgentInstaller {
  return {
    files: (place) => [fileOf(place)],
    add: (path, text, command, { isEnforcing }) =>
      addSettingsHooks(
        path,
        text,
        command,
        hooks.filter((hook) => isEnforcing || hook.isEnforcing !== true),
      ),
    remove: removeSettingsHooks,
    commands: settingsCommands,
    manualSteps: () => [],
  };
}
