import { existsSync } from 'node:fs';
import {
  ASKING_HOOK,
  ENFORCING_HOOKS,
  RECORDING_HOOKS,
} from '../../agents/claude-code/settings/install.ts';
import { shellCommand } from '../../agents/shared/own-command.ts';
import { printable } from '../../core/lang/printable.ts';
import { CheckFailed, UserError } from '../../core/lang/user-error.ts';
import { effectiveBudgets } from '../../budgets/effective.ts';
import { unifiedDiff } from '../../render/text/unified-diff.ts';
import { localSettingsPath } from '../../sources/settings/client-scopes.ts';
import {
  type RegistrationPlan,
  planRegistration,
  projectSettingsPath,
  applyRegistration,
  userSettingsPaths,
} from '../../sources/settings/client-settings.ts';
import { hasCodeCaches, makeCodeCaches } from '../../sources/machine/code-cache.ts';
import { installRecordPath } from '../../sources/settings/install-record.ts';
import { hookFilePath, statuslineFilePath } from '../../sources/machine/paths.ts';
import { openLedger } from '../../store/connection/open.ts';
import { type FlagValues, defineCommand } from '../define.ts';
import { printLine, write } from '../session/io.ts';
import { currentLedgerPath, currentSettings } from '../session/settings.ts';
import { findHistory, importHistory } from './init-history.ts';
import { budgetReport, initReport } from './init-report.ts';
import {
  type Scope,
  scopeFlags,
  findBoundary,
  parseSettingsScope,
} from '../flags/settings-scope.ts';

const flags = {
  ...scopeFlags,
  budgets: {
    type: 'boolean',
    default: false,
    describe: 'Also add the hooks that let a budget stop a session',
  },
  statusline: {
    type: 'boolean',
    default: false,
    describe: 'Also install the status line, below an existing one',
  },
  // No default: without --import or --no-import, the answer to a question or --yes decides.
  import: {
    type: 'boolean',
    describe: 'Read existing transcripts without asking',
    negated: 'Do not read existing transcripts now',
  },
  'dry-run': {
    type: 'boolean',
    default: false,
    describe: 'Show what would change, write nothing',
  },
  print: {
    type: 'boolean',
    default: false,
    describe: 'Print the hooks as JSON, write nothing',
  },
  yes: {
    type: 'boolean',
    alias: 'y',
    default: false,
    describe: 'Ask nothing, and read existing transcripts too',
  },
} as const;

export const initCommand = defineCommand({
  flags,
  examples: [
    ['tallyhook init --statusline', 'Install the hooks and the status line for all projects'],
    ['tallyhook init --local --dry-run', 'Show what would change for this project only'],
  ],
  handler: init,
});

const PATHS: Record<Scope, () => string[]> = {
  user: () => userSettingsPaths(process.env),
  project: () => [projectSettingsPath(process.cwd())],
  local: () => [localSettingsPath(process.cwd())],
};

async function init(options: FlagValues<typeof flags>): Promise<void> {
  const asks = options.budgets && hasAskingBudget();
  const plan = (scope: Scope, statusline: boolean): RegistrationPlan[] =>
    PATHS[scope]().map((path) =>
      planFor(path, findBoundary(scope), options.budgets, asks, statusline),
    );
  if (options.print) {
    write(planFor(null, null, options.budgets, asks, options.statusline).edit.text);
    return;
  }
  const isAsking = !options.yes && !options.dryRun && process.stdin.isTTY && process.stdout.isTTY;
  const prompts = isAsking ? await import('./init-prompts.ts') : null;
  const scope = await prompts?.askScope(options, PATHS);
  const chosen = scope ?? parseSettingsScope(options);
  const isUnderLine =
    options.statusline || (prompts !== null && (await prompts.askStatusline(plan(chosen, false))));
  const plans = plan(chosen, isUnderLine);
  const changed = plans.filter(({ edit }) => edit.changed);
  const diff = changed
    .map(({ file, edit }) => unifiedDiff(file.path, file.text, edit.text))
    .join('');
  if (options.dryRun) {
    write(diff);
    for (const { file, edit } of plans) {
      if (!edit.changed) console.error(printable(`${file.path} already has the hooks.`));
    }
    if (changed.length > 0) console.error('Nothing was written.');
    return;
  }
  if (prompts === null && !options.yes) {
    throw new UserError(
      'init asks before it changes settings, and there is no terminal to ask on; nothing was changed',
      'Add --yes to agree, or --dry-run to see the changes.',
    );
  }
  // A missing hook would fail at every tool call of Claude Code.
  const hook = hookFilePath();
  if (!existsSync(hook))
    throw new UserError(`${hook} is missing`, 'Run npm install, which builds it.');
  if (changed.length > 0 && prompts !== null && !(await prompts.askToWrite(diff))) {
    printLine('Nothing was written.');
    return;
  }
  for (const planned of plans) {
    const backup = applyRegistration(planned, installRecordPath(process.env), new Date());
    for (const line of initReport(planned, backup, chosen)) printLine(line);
  }
  if (!hasCodeCaches()) makeCodeCaches();
  if (options.budgets) for (const line of budgetReport(asks)) printLine(line);
  const history = findHistory();
  const isReading =
    history.files > 0 &&
    (options.import ?? (prompts === null ? options.yes : await prompts.askToImport(history)));
  if (isReading) await importHistory();
  const ignored = plans.find(({ edit }) => edit.ignoredFor !== null);
  if (ignored !== undefined) {
    throw new CheckFailed(`Claude Code ignores the hooks in ${ignored.file.path}`);
  }
  printLine('Use Claude Code as usual, then run: tallyhook summary --session last');
}

/** @param path null for an empty file */
function planFor(
  path: string | null,
  within: string | null,
  hasBudgets: boolean,
  asks: boolean,
  isUnderLine: boolean,
): RegistrationPlan {
  const command = shellCommand([process.execPath, hookFilePath()]);
  const enforcing = hasBudgets ? [...ENFORCING_HOOKS, ...(asks ? [ASKING_HOOK] : [])] : [];
  const program = [process.execPath, statuslineFilePath()];
  const line = { program, isWanted: isUnderLine };
  return planRegistration(path, command, [...RECORDING_HOOKS, ...enforcing], line, within);
}

/** False if there is no ledger or it cannot be read. */
function hasAskingBudget(): boolean {
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
