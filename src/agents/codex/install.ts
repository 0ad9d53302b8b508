import type { AgentInstaller } from '../installer.ts';
import type { SettingsHook } from '../shared/hook-settings.ts';
import { settingsInstaller } from '../shared/settings-installer.ts';
import { codexHome } from './rollout.ts';
import { codexTrust } from './trust.ts';

/** Timeouts in seconds. Codex waits for every hook. */
const HOOKS: readonly SettingsHook[] = [
  // It carries the request's usage, which reaches the rollout only later.
  { event: 'PostModelRequest', timeout: 10 },
  { event: 'PostToolUse', timeout: 10 },
  { event: 'Stop', timeout: 10 },
  { event: 'SubagentStop', timeout: 10 },
  { event: 'SessionEnd', timeout: 10 },
  { event: 'UserPromptSubmit', timeout: 10, isEnforcing: true },
  { event: 'PreToolUse', timeout: 10, isEnforcing: true },
];

export const codexInstaller: AgentInstaller = {
  ...settingsInstaller((place) => `${codexHome(place)}/hooks.json`, HOOKS),
  trust: codexTrust,
  manualSteps: () => [
    'Start Codex once and trust the new hooks when it asks: until then it skips them without a message.',
  ],
};
