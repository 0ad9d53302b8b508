import { existsSync } from 'node:fs';
import type { ArgumentsCamelCase, Argv, CommandModule } from 'yargs';
import {
  ASKING_HOOK,
  ENFORCING_HOOKS,
  RECORDING_HOOKS,
  addHooks,
} from '../agents/claude-code/install.ts';
import { shellCommand } from '../agents/claude-code/own-command.ts';
import { UserError } from '../core/user-error.ts';
import { effectiveBudgets } from '../ingest/effective-budgets.ts';
import { unifiedDiff } from '../render/unified-diff.ts';
import {
  type Registration,
  planRegistration,
  projectSettingsPath,
  register,
  userSettingsPath,
} from '../sources/client-settings.ts';
import { installRecordPath } from '../sources/install-record.ts';
import { hasCodeCaches, makeCodeCaches } from '../sources/code-cache.ts';
import { hookFilePath } from '../sources/paths.ts';
import { openLedger } from '../store/open.ts';
import { currentLedgerPath, currentSettings } from './context.ts';

interface InitOptions {
  global: boolean | undefined;
  project: boolean | undefined;
  budgets: boolean;
  'dry-run': boolean;
  print: boolean;
  yes: boolean;
}

export const initCommand: CommandModule<object, InitOptions> = {
  // No defaults for --global and --project: yargs would see the two together every time.
  builder: (args: Argv<object>) =>
    args
      .option('global', { type: 'boolean', describe: "The user's settings (the default)" })
      .option('project', {
        type: 'boolean',
        describe: 'The settings of the project in this folder (.claude/settings.json)',
      })
      .conflicts('global', 'project')
      .option('budgets', {
        type: 'boolean',
        default: false,
        describe: 'Also the hooks that let a budget stop the work',
      })
      .option('dry-run', {
        type: 'boolean',
        default: false,
        describe: 'Print what would change, write nothing',
      })
      .option('print', {
        type: 'boolean',
        default: false,
        describe: 'Print the hooks as JSON, write nothing',
      })
      .option('yes', {
        type: 'boolean',
        default: false,
        describe: 'Answer yes to every question (none is asked)',
      }),
  handler: init,
};

function init(options: ArgumentsCamelCase<InitOptions>): void {
  const hook = hookFilePath();
  const command = shellCommand([process.execPath, hook]);
  const asks = options.budgets && hasAskingBudget();
  const hooks = options.budgets
    ? [...RECORDING_HOOKS, ...ENFORCING_HOOKS, ...(asks ? [ASKING_HOOK] : [])]
    : RECORDING_HOOKS;
  if (options.print) {
    const alone = addHooks('', command, hooks);
    process.stdout.write(alone.ok ? alone.text : '');
    return;
  }
  const env = process.env;
  const path =
    options.project === true ? projectSettingsPath(process.cwd()) : userSettingsPath(env);
  const plan = planRegistration(path, command, hooks);
  if (options.dryRun) {
    process.stdout.write(unifiedDiff(path, plan.file.text, plan.edit.text));
    console.error(plan.edit.changed ? 'Nothing was written.' : `${path} has the hooks already.`);
    return;
  }
  // A hook that is not there would fail at every tool call of the agent.
  if (!existsSync(hook)) throw new UserError(`${hook} is missing`, 'npm install builds it.');
  const backup = register(plan, installRecordPath(env), new Date());
  if (!hasCodeCaches()) makeCodeCaches();
  for (const line of initReport(plan, backup, options.project === true)) console.log(line);
  if (options.budgets) for (const line of budgetReport(asks)) console.log(line);
  console.log('Work as usual, then: tallyhook summary --session last');
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

function budgetReport(asks: boolean): string[] {
  const asking = asks
    ? 'PreToolUse is among them because a budget asks: a second start of Node at each tool call.'
    : 'No budget asks (--action ask), so PreToolUse is not among them; run this again for one that does.';
  return [
    'A budget that is spent now stops the work: tallyhook budget set NAME --limit 20',
    asking,
  ];
}

const WARNINGS = {
  disabled: 'But "disableAllHooks" is true there: no hook runs until it goes.',
  'not-strict-json':
    'But it has comments or trailing commas: Claude Code ignores the whole file until they go.',
};

function initReport({ file, edit }: Registration, backup: string | null, isProject: boolean) {
  const done = [];
  if (edit.events.length > 0) done.push(`Hooks for ${edit.events.join(', ')} are in ${file.path}.`);
  if (edit.updated.length > 0) {
    done.push(`Brought up to date in ${file.path}: ${edit.updated.join(', ')}.`);
  }
  if (done.length === 0) done.push(`${file.path} has the hooks already; nothing was changed.`);
  if (backup !== null) done.push(`The file as it was: ${backup}`);
  if (edit.changed && isProject) {
    done.push("They name this machine's Node and tallyhook: think before you commit them.");
  }
  if (edit.ignoredFor !== null) done.push(WARNINGS[edit.ignoredFor]);
  return done;
}
