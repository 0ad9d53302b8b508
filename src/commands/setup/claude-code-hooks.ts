import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import {
  ASKING_HOOK,
  ENFORCING_HOOKS,
  RECORDING_HOOKS,
} from '../../agents/claude-code/settings/install.ts';
import { shellCommand } from '../../agents/shared/own-command.ts';
import { effectiveBudgets } from '../../budgets/effective.ts';
import { hookFilePath, statuslineFilePath } from '../../sources/machine/paths.ts';
import { localSettingsPath } from '../../sources/settings/client-scopes.ts';
import {
  type RegistrationPlan,
  planRegistration,
  projectSettingsPath,
  userSettingsPaths,
} from '../../sources/settings/client-settings.ts';
import { openLedger } from '../../store/connection/open.ts';
import type { Scope } from '../flags/settings-scope.ts';
import { currentLedgerPath, currentSettings } from '../session/settings.ts';

/** Claude Code's settings files of each scope. */
export const SETTINGS_PATHS: Record<Scope, () => string[]> = {
  user: () => userSettingsPaths(process.env),
  project: () => [projectSettingsPath(process.cwd())],
  local: () => [localSettingsPath(process.cwd())],
};

/**
 * What init would change in one of Claude Code's settings files.
 * @param path null for an empty file
 */
export function planClaudeCode(
  path: string | null,
  within: string | null,
  options: { hasBudgets: boolean; asks: boolean; hasStatusline: boolean },
): RegistrationPlan {
  const command = shellCommand([process.execPath, hookFilePath()]);
  const asking = options.asks ? [ASKING_HOOK] : [];
  const enforcing = options.hasBudgets ? [...ENFORCING_HOOKS, ...asking] : [];
  const program = [process.execPath, statuslineFilePath()];
  const line = { program, isWanted: options.hasStatusline };
  return planRegistration(path, command, [...RECORDING_HOOKS, ...enforcing], line, within);
}

/** Whether Claude Code has a folder on this machine. */
export function hasClaudeCode(): boolean {
  return SETTINGS_PATHS.user().some((path) => existsSync(dirname(path)));
}

/** False if there is no ledger or it cannot be read. */
export function hasAskingBudget(): boolean {
  try {
    const db = openLedger(currentLedgerPath(), { busyTimeoutMs: 1000, readonly: true });
    try {
      const { budgets } = effectiveBudgets(db, process.env, currentSettings(), process.cwd());
      return budgets.some(({ action }) => action === 'ask');
    } finally {
      db.close();
    }
  } catch {
    return false;
  }
}
