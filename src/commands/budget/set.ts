import { setupOf } from '../../agents/registry.ts';
import { clientTitle } from '../../core/client/names.ts';
import { existsSync } from 'node:fs';
import {
  BUDGET_ACTIONS,
  BUDGET_PERIODS,
  type Budget,
  type BudgetAction,
  type BudgetPeriod,
  type BudgetScope,
  isStricter,
} from '../../core/budget/budget.ts';
import { environmentPercents } from '../../core/budget/environment.ts';
import {
  AMOUNT_FAULT,
  BUDGET_NAME,
  DEFAULT_ACTION,
  NAME_FAULT,
  PERCENT_FAULT,
  parseAmount,
  isPercent,
} from '../../core/budget/spec.ts';
import { lookupPrice } from '../../pricing/lookup.ts';
import { canonicalModel } from '../../core/model/model-name.ts';
import { UserError } from '../../core/lang/user-error.ts';
import { actionText, overText, scopeText } from '../../render/budgets.ts';
import { percent } from '../../render/text/cells.ts';
import { formatUsd } from '../../render/text/number-format.ts';
import { budgetJson, budgetStatuses } from '../../reports/budgets.ts';
import type { DocumentOf } from '../../schemas/schema-of.ts';
import type { budgetSet } from '../../schemas/budgets.ts';
import { BudgetWriter } from '../../store/budgets/writer.ts';
import { ProjectReader } from '../../store/sessions/projects.ts';
import { currentBudgets, requireWritableLedger, budgetTarget, statesAt } from './shared.ts';
import { type FlagValues, defineCommand } from '../define.ts';
import { json } from '../flags/json.ts';
import { choiceFault } from '../flags/choice.ts';
import { textFlag } from '../flags/text.ts';
import { requireClient } from '../flags/known-values.ts';
import { oneName } from './flags.ts';
import { printLine, warn } from '../session/io.ts';
import { ledgerFlags, openReader } from '../session/ledger.ts';
import { currentPrices } from '../session/settings.ts';
import { filterFlags, findProject, parseZone } from '../flags/filters.ts';
import { printDocument } from '../session/document.ts';

const setFlags = {
  limit: { ...textFlag('The limit in USD'), demandOption: true },
  per: {
    ...textFlag('Its period: session, prompt, day, week, month or total'),
    demandOption: true,
  },
  project: textFlag('Only one project: its folder, "." for this one, or its name'),
  branch: textFlag('Only one git branch'),
  model: textFlag('Only one model'),
  'agent-type': textFlag('Only one type of subagent'),
  tool: textFlag('Only requests whose first tool call was this'),
  provider: textFlag('Only one provider'),
  client: textFlag('Only one coding agent, by its name (codex, "Codex CLI")'),
  warn: textFlag('Warn at this percentage of the limit (default 80)'),
  critical: textFlag('Warn again at this percentage (default 95)'),
  action: textFlag('At the limit: observe, warn (default), ask or stop'),
  'fail-closed': {
    type: 'boolean',
    default: false,
    describe: 'If the spend cannot be read, act as if the limit were reached',
  },
  timezone: filterFlags.timezone,
  json,
  ...ledgerFlags,
} as const;

type BudgetSetFlags = FlagValues<typeof oneName & typeof setFlags>;

export const budgetSetCommand = defineCommand({
  positionals: oneName,
  flags: setFlags,
  examples: [
    [
      'tallyhook budget set daily --limit 20 --per day',
      'Warn at 80%, 95% and 100% of 20 USD a day',
    ],
    [
      'tallyhook budget set shop --limit 5 --per session --project . --action stop',
      'Stop sessions of this project at 5 USD',
    ],
  ],
  handler: setBudget,
});

async function setBudget(flags: BudgetSetFlags): Promise<void> {
  const nowMs = Date.now();
  const { offset } = parseZone(flags);
  const plain = withoutScope(flags);
  const { db, reader } = openReader(flags);
  requireWritableLedger(db);
  const scope = await parseScope(flags, new ProjectReader(db));
  const budget: Budget = { ...plain, scope };
  new BudgetWriter(db).set(budget, nowMs);
  const { budgets } = currentBudgets(db);
  if (flags.json) {
    printDocument<DocumentOf<typeof budgetSet>>({ budget: budgetJson(budget) });
  } else {
    printLine(
      `${budget.name}: ${formatUsd(budget.limitNanoUsd)} per ${budget.per}, ${describeBudget(budget)}`,
    );
    const states = statesAt(db, [budget], await budgetTarget(db, reader, undefined), nowMs, offset);
    const [status] = budgetStatuses([budget], states, nowMs);
    if (status?.share != null) printLine(`${overText(status)}, ${percent(status.share)}`);
    printLine(actionText(budget));
    if (budget.action === 'ask' || budget.action === 'stop') printLine(enforcementText(budget));
  }
  const counting = budgets.find(({ name }) => name === budget.name);
  if (counting === undefined || counting.origin === 'command') return;
  const kind = isStricter(counting, budget) ? 'a stricter budget' : 'a budget';
  warn(`${kind} of that name in ${BUDGET_SOURCES[counting.origin]} applies instead`);
}

function enforcementText({ scope }: Budget): string {
  const client = scope.client ?? null;
  if (client !== null && setupOf(client)?.canRefuse === false) {
    return `${clientTitle(client)} can't be stopped by a hook: this budget only warns.`;
  }
  return 'Run `tallyhook init --budgets` to install the hooks that enforce it.';
}

/** Where a budget is set, as a phrase in a sentence. */
export const BUDGET_SOURCES: Record<Exclude<Budget['origin'], 'command'>, string> = {
  environment: 'the environment',
  settings: 'the settings file',
  project: "the project's .tallyhook.json",
};

function describeBudget(budget: Budget): string {
  const { warnPercent, criticalPercent, isFailClosed } = budget;
  const scope = scopeText(budgetJson(budget));
  const closed = isFailClosed ? '; fails closed' : '';
  return `${scope}; warns at ${warnPercent}% and ${criticalPercent}%${closed}`;
}

/** @throws UserError that names the invalid flag */
function withoutScope(flags: BudgetSetFlags): Omit<Budget, 'scope'> {
  const { name } = flags;
  if (!BUDGET_NAME.test(name)) throw new UserError(`${quoted(name)} ${NAME_FAULT}`);
  const limitNanoUsd = parseAmount(flags.limit);
  if (limitNanoUsd === null) throw new UserError(`--limit: ${quoted(flags.limit)} ${AMOUNT_FAULT}`);
  const percents = environmentPercents(process.env, []);
  const given = {
    warn: parsePercentFlag('warn', flags.warn),
    critical: parsePercentFlag('critical', flags.critical),
  };
  const warnPercent = given.warn ?? Math.min(percents.warn, given.critical ?? 100);
  const criticalPercent = given.critical ?? Math.max(percents.critical, warnPercent);
  if (warnPercent > criticalPercent) {
    throw new UserError(`--warn ${warnPercent} is above --critical ${criticalPercent}`);
  }
  return {
    name,
    limitNanoUsd,
    per: parseChoiceFlag<BudgetPeriod>('per', flags.per, BUDGET_PERIODS),
    warnPercent,
    criticalPercent,
    action: parseChoiceFlag<BudgetAction>('action', flags.action ?? DEFAULT_ACTION, BUDGET_ACTIONS),
    isFailClosed: flags.failClosed,
    origin: 'command',
  };
}

async function parseScope(flags: BudgetSetFlags, projects: ProjectReader): Promise<BudgetScope> {
  const client = parseTextFlag('client', flags.client);
  return {
    project: flags.project === undefined ? null : await findProjectRoot(flags.project, projects),
    branch: parseTextFlag('branch', flags.branch),
    model: parseModelFlag(parseTextFlag('model', flags.model)),
    agentType: parseTextFlag('agent-type', flags.agentType),
    tool: parseTextFlag('tool', flags.tool),
    provider: parseTextFlag('provider', flags.provider),
    client: client === null ? null : requireClient(client),
  };
}

/**
 * A deleted folder may still have a name in the ledger.
 * @throws UserError for a folder that never existed: its budget would count nothing
 */
async function findProjectRoot(text: string, projects: ProjectReader): Promise<string> {
  const { root, name } = await findProject(text, projects);
  const isKnown = existsSync(root) || (await projects.rootsNamed(name)).includes(root);
  if (isKnown) return root;
  throw new UserError(`--project: ${quoted(text)} is neither a folder nor a known project`);
}

/** Records have a model's full name, so a budget for a family name would never match. */
function parseModelFlag(name: string | null): string | null {
  if (name === null) return null;
  const { basis, model } = lookupPrice(currentPrices(), name, Date.now());
  if (basis === 'family') {
    throw new UserError(`--model: ${name} is a family of models`, `Name one model, e.g. ${model}.`);
  }
  return canonicalModel(name);
}

function parseTextFlag(flag: string, text: string | undefined): string | null {
  if (text === undefined) return null;
  if (text === '') throw new UserError(`--${flag} is empty`);
  return text;
}

function parsePercentFlag(flag: string, text: string | undefined): number | null {
  if (text === undefined) return null;
  const value = /^\d{1,3}%?$/.test(text) ? Number(text.replace('%', '')) : Number.NaN;
  if (!isPercent(value)) throw new UserError(`--${flag}: ${quoted(text)} ${PERCENT_FAULT}`);
  return value;
}

function parseChoiceFlag<Name extends string>(
  flag: string,
  text: string,
  names: readonly Name[],
): Name {
  const name = names.find((one) => one === text);
  if (name === undefined) throw new UserError(choiceFault(`--${flag}`, text, names));
  return name;
}

export function quoted(text: string): string {
  return JSON.stringify(text.slice(0, 80));
}
