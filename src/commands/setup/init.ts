import { existsSync } from 'node:fs';
import { printable } from '../../core/lang/printable.ts';
import { CheckFailed, UserError } from '../../core/lang/user-error.ts';
import { unifiedDiff } from '../../render/text/unified-diff.ts';
import {
  type RegistrationPlan,
  applyRegistration,
} from '../../sources/settings/client-settings.ts';
import { hasCodeCaches, makeCodeCaches } from '../../sources/machine/code-cache.ts';
import { installRecordPath } from '../../sources/settings/install-record.ts';
import { hookFilePath } from '../../sources/machine/paths.ts';
import { type FlagValues, defineCommand } from '../define.ts';
import { type ChosenAgents, agentFlag, parseAgentNames } from '../flags/agent-names.ts';
import {
  type Scope,
  findBoundary,
  parseSettingsScope,
  requireOwnScope,
  scopeFlags,
} from '../flags/settings-scope.ts';
import { printLine, warn, write } from '../session/io.ts';
import {
  SETTINGS_PATHS,
  hasAskingBudget,
  hasClaudeCode,
  planClaudeCode,
} from './claude-code-hooks.ts';
import { findHistory, importHistory } from './init-history.ts';
import { budgetReport, initReport } from './init-report.ts';
import {
  agentBudgetLines,
  agentDiff,
  agentFilesText,
  applyAgent,
  foundAgents,
  planAgents,
  refusedLines,
} from './other-agents.ts';

const flags = {
  ...scopeFlags,
  agent: {
    ...agentFlag,
    describe: 'Only these agents, e.g. codex,gemini (default: Claude Code and every agent found)',
  },
  budgets: {
    type: 'boolean',
    default: false,
    describe: 'Also add the hooks that let a budget stop a session, where an agent has such hooks',
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
    describe: 'Print the hooks, write nothing',
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
    ['tallyhook init --agent codex --dry-run', 'Show what would change for Codex CLI only'],
  ],
  handler: init,
});

async function init(options: FlagValues<typeof flags>): Promise<void> {
  const named = parseAgentNames(options.agent);
  requireOwnScope(options, named);
  if (options.statusline && named?.claudeCode === false) {
    throw new UserError('--statusline is for Claude Code only', 'Add claude-code to --agent.');
  }
  const asks = options.budgets && hasAskingBudget();
  const wanted = { hasBudgets: options.budgets, asks };
  if (options.print) {
    const isClaudeCode = named === null || named.claudeCode;
    const plan = planClaudeCode(null, null, { ...wanted, hasStatusline: options.statusline });
    if (isClaudeCode) write(plan.edit.text);
    if (named !== null) write(agentFilesText(named.others, options.budgets));
    return;
  }
  const isAsking = !options.yes && !options.dryRun && process.stdin.isTTY && process.stdout.isTTY;
  const prompts = isAsking ? await import('./init-prompts.ts') : null;
  const found = named === null && isUserScope(options) ? foundAgents() : [];
  const chosen: ChosenAgents =
    named ??
    (prompts === null || found.length === 0
      ? { claudeCode: true, others: found }
      : await prompts.askAgents(found, hasClaudeCode()));
  const plan = (scope: Scope, hasStatusline: boolean): RegistrationPlan[] =>
    SETTINGS_PATHS[scope]().map((path) =>
      planClaudeCode(path, findBoundary(scope), { ...wanted, hasStatusline }),
    );
  let scope = parseSettingsScope(options);
  let plans: RegistrationPlan[] = [];
  if (chosen.claudeCode) {
    if (prompts !== null) scope = await prompts.askScope(options, SETTINGS_PATHS);
    const hasStatusline =
      options.statusline || (prompts !== null && (await prompts.askStatusline(plan(scope, false))));
    plans = plan(scope, hasStatusline);
  }
  const { planned, failed } = planAgents(chosen.others, {
    isNamed: named !== null,
    hasBudgets: options.budgets,
  });
  const changed = plans.filter(({ edit }) => edit.changed);
  const diffs = changed.map(({ file, edit }) => unifiedDiff(file.path, file.text, edit.text));
  const diff = [...diffs, ...planned.map(agentDiff)].join('');
  if (options.dryRun) {
    write(diff);
    const current = [
      ...plans.filter(({ edit }) => !edit.changed).map(({ file }) => file.path),
      ...planned.flatMap((one) => one.plan.registered),
    ];
    const notes = [
      ...current.map((path) => `${path} already has the hooks.`),
      ...planned.flatMap(({ agent, plan: { refused } }) => refusedLines(agent.title, refused)),
      ...failed,
    ];
    for (const note of notes) console.error(printable(note));
    if (diff !== '') console.error('Nothing was written.');
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
  if (diff !== '' && prompts !== null && !(await prompts.askToWrite(diff))) {
    printLine('Nothing was written.');
    return;
  }
  for (const one of plans) {
    const backup = applyRegistration(one, installRecordPath(process.env), new Date());
    for (const line of initReport(one, backup, scope)) printLine(line);
  }
  for (const one of planned) for (const line of applyAgent(one)) printLine(line);
  for (const line of failed) warn(line);
  if (!hasCodeCaches()) makeCodeCaches();
  if (options.budgets) {
    if (chosen.claudeCode) for (const line of budgetReport(asks)) printLine(line);
    for (const line of agentBudgetLines(chosen.others)) printLine(line);
  }
  if (named === null && planned.length > 0) {
    printLine('To remove the hooks of one agent again: tallyhook uninstall --agent NAME');
  }
  const history = findHistory();
  const isReading =
    history.files > 0 &&
    (options.import ?? (prompts === null ? options.yes : await prompts.askToImport(history)));
  if (isReading) await importHistory();
  const ignored = plans.find(({ edit }) => edit.ignoredFor !== null);
  if (ignored !== undefined) {
    throw new CheckFailed(`Claude Code ignores the hooks in ${ignored.file.path}`);
  }
  const [only] = chosen.others;
  const used =
    only === undefined
      ? 'Claude Code'
      : chosen.claudeCode || chosen.others.length > 1
        ? 'your agents'
        : only.agent.title;
  printLine(`Use ${used} as usual, then run: tallyhook summary --session last`);
  if (failed.length > 0) throw new CheckFailed('an agent was skipped');
}

/** The settings of a project are Claude Code's only. */
function isUserScope(options: Parameters<typeof parseSettingsScope>[0]): boolean {
  return parseSettingsScope(options) === 'user';
}
