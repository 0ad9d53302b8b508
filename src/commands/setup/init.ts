import { existsSync } from 'node:fs';
import { ASKING_HOOK, ENFORCING_HOOKS, RECORDING_HOOKS } from '../../agents/claude-code/install.ts';
import { shellCommand } from '../../agents/claude-code/own-command.ts';
import { printable } from '../../core/lang/printable.ts';
import { UserError } from '../../core/lang/user-error.ts';
import { effectiveBudgets } from '../../budgets/effective.ts';
import { unifiedDiff } from '../../render/text/unified-diff.ts';
import { localSettingsPath } from '../../sources/settings/client-scopes.ts';
import {
  type RegistrationPlan,
  planRegistration,
  projectSettingsPath,
  applyRegistration,
  userSettingsPath,
} from '../../sources/settings/client-settings.ts';
import { hasCodeCaches, makeCodeCaches } from '../../sources/machine/code-cache.ts';
import { installRecordPath } from '../../sources/settings/install-record.ts';
import { hookFilePath, statuslineFilePath } from '../../sources/machine/paths.ts';
import { openLedger } from '../../store/connection/open.ts';
import { type FlagValues, defineCommand } from '../define.ts';
import { printLine, write } from '../session/io.ts';
import { currentLedgerPath, currentSettings } from '../session/settings.ts';
import { foundHistory, importHistory } from './init-history.ts';
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
    describe: 'Also the hooks that let a budget stop the work',
  },
  statusline: {
    type: 'boolean',
    default: false,
    describe: 'Also the status line; one that is there is kept, above ours',
  },
  // No default: neither --import nor --no-import leaves it to who is asked, or to --yes.
  import: {
    type: 'boolean',
    describe: 'Read the history that there is (--no-import: not now)',
  },
  'dry-run': {
    type: 'boolean',
    default: false,
    describe: 'Print what would change, write nothing',
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
    describe: 'Ask nothing; the history is read too',
  },
} as const;

export const initCommand = defineCommand({ flags, handler: init });

const PATHS: Record<Scope, () => string> = {
  user: () => userSettingsPath(process.env),
  project: () => projectSettingsPath(process.cwd()),
  local: () => localSettingsPath(process.cwd()),
};

async function init(options: FlagValues<typeof flags>): Promise<void> {
  const asks = options.budgets && hasAskingBudget();
  const plan = (scope: Scope, statusline: boolean): RegistrationPlan =>
    planFor(PATHS[scope](), findBoundary(scope), options.budgets, asks, statusline);
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
  const planned = plan(chosen, isUnderLine);
  const { file, edit } = planned;
  if (options.dryRun) {
    write(unifiedDiff(file.path, file.text, edit.text));
    console.error(
      edit.changed ? 'Nothing was written.' : printable(`${file.path} has the hooks already.`),
    );
    return;
  }
  // A hook that is not there would fail at every tool call of the agent.
  const hook = hookFilePath();
  if (!existsSync(hook)) throw new UserError(`${hook} is missing`, 'npm install builds it.');
  const diff = unifiedDiff(file.path, file.text, edit.text);
  if (edit.changed && prompts !== null && !(await prompts.askToWrite(diff))) {
    printLine('Nothing was written.');
    return;
  }
  const backup = applyRegistration(planned, installRecordPath(process.env), new Date());
  if (!hasCodeCaches()) makeCodeCaches();
  for (const line of initReport(planned, backup, chosen)) printLine(line);
  if (options.budgets) for (const line of budgetReport(asks)) printLine(line);
  const history = foundHistory();
  const isReading =
    history.files > 0 &&
    (options.import ?? (prompts === null ? options.yes : await prompts.askToImport(history)));
  if (isReading) await importHistory();
  printLine('Work as usual, then: tallyhook summary --session last');
}

/** @param path null: of a file that is empty */
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

/** No ledger, or one that can't be read, has none. */
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
