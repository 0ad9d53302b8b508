import { CheckFailed } from '../../core/lang/user-error.ts';
import {
  NO_BUDGETS,
  overText,
  renderBudgetHistory,
  renderBudgetList,
  renderBudgetStatus,
} from '../../render/budgets.ts';
import { reportBudgetHistory, budgetJson, budgetStatuses } from '../../reports/budgets.ts';
import type { DocumentOf } from '../../schemas/schema-of.ts';
import type {
  budgetCheck,
  budgetHistory,
  budgetList,
  budgetStatus,
} from '../../schemas/budgets.ts';
import { readAlerts, readAllowances } from '../../store/budgets/reader.ts';
import { budgetNamed, currentBudgets, budgetTarget, statesAt } from './shared.ts';
import { type FlagValues, defineCommand } from '../define.ts';
import { json } from '../flags/json.ts';
import { anyName, budgetSession } from './flags.ts';
import { print, printLine, stdoutStyle } from '../session/io.ts';
import { ledgerFlags, openOrExplain, openReader } from '../session/ledger.ts';
import { currentLedgerPath } from '../session/settings.ts';
import { filterFlags, parseZone } from '../flags/filters.ts';
import { printDocument } from '../session/document.ts';

const statusFlags = {
  session: budgetSession,
  timezone: filterFlags.timezone,
  json,
  ...ledgerFlags,
} as const;
const listFlags = { json } as const;
const historyFlags = { timezone: filterFlags.timezone, json } as const;

type BudgetStatusFlags = FlagValues<typeof anyName & typeof statusFlags>;

export const budgetStatusCommand = defineCommand({
  positionals: anyName,
  flags: statusFlags,
  examples: [
    ['tallyhook budget', 'All budgets that apply here'],
    ['tallyhook budget status daily', 'One budget'],
  ],
  handler: showBudgets,
});

export const budgetCheckCommand = defineCommand({
  positionals: anyName,
  flags: statusFlags,
  examples: [['tallyhook budget check', 'In CI: fails if a budget is exceeded']],
  handler: checkBudgets,
});

export const budgetListCommand = defineCommand({
  flags: listFlags,
  examples: [['tallyhook budget list', 'Names, limits and actions']],
  handler: listBudgets,
});

export const budgetHistoryCommand = defineCommand({
  positionals: anyName,
  flags: historyFlags,
  examples: [['tallyhook budget history daily', 'When the budget was raised and crossed']],
  handler: showHistory,
});

const MAX_EVENTS = 100;

async function showBudgets(flags: BudgetStatusFlags): Promise<void> {
  const result = await readStatuses(flags, flags.session);
  if (flags.json) printDocument<StatusDocument>(toStatusDocument(result));
  else print(renderBudgetStatus(result.budgets, result.nowMs, result.offset, stdoutStyle()));
}

/** @throws CheckFailed if any budget is exceeded in its current window */
async function checkBudgets(flags: BudgetStatusFlags): Promise<void> {
  const result = await readStatuses(flags, flags.session ?? 'last');
  const over = result.budgets.filter(({ level }) => level === 'over');
  const isWithin = over.length === 0;
  if (flags.json) {
    printDocument<DocumentOf<typeof budgetCheck>>({
      isWithin,
      over: over.map(({ name }) => name),
      ...toStatusDocument(result),
    });
  } else if (isWithin) {
    const { length } = result.budgets;
    const some = `${length} ${length === 1 ? 'budget' : 'budgets'}, none over`;
    print(length === 0 ? NO_BUDGETS : some);
  } else {
    for (const status of over) printLine(`over: ${overText(status)}`);
  }
  if (!isWithin) throw new CheckFailed('a budget is exceeded');
}

function listBudgets(flags: FlagValues<typeof listFlags>): void {
  const { budgets } = currentBudgets(openOrExplain(currentLedgerPath()));
  const list = budgets.map(budgetJson);
  if (flags.json) printDocument<DocumentOf<typeof budgetList>>({ budgets: list });
  else print(renderBudgetList(list, stdoutStyle()));
}

function showHistory(flags: FlagValues<typeof anyName & typeof historyFlags>): void {
  const db = openOrExplain(currentLedgerPath());
  const name = flags.name ?? null;
  const { offset } = parseZone(flags);
  const events = reportBudgetHistory(
    readAllowances(db, name, MAX_EVENTS),
    readAlerts(db, MAX_EVENTS, name),
  ).slice(0, MAX_EVENTS);
  if (events.length === 0 && name !== null) budgetNamed(currentBudgets(db).budgets, name);
  if (flags.json) printDocument<DocumentOf<typeof budgetHistory>>({ events });
  else print(renderBudgetHistory(events, offset, stdoutStyle()));
}

async function readStatuses(flags: BudgetStatusFlags, session: string | undefined) {
  const nowMs = Date.now();
  const { timezone, offset } = parseZone(flags);
  const { db, reader } = openReader(flags);
  const all = currentBudgets(db).budgets;
  const budgets = flags.name === undefined ? all : [budgetNamed(all, flags.name)];
  const place = await budgetTarget(db, reader, session);
  const states = statesAt(db, budgets, place, nowMs, offset);
  const { sessionId } = place;
  return {
    nowMs,
    timezone,
    offset,
    sessionId,
    budgets: budgetStatuses(budgets, states, nowMs),
  };
}

type StatusDocument = DocumentOf<typeof budgetStatus>;

function toStatusDocument(
  result: Awaited<ReturnType<typeof readStatuses>>,
): Omit<StatusDocument, 'schemaVersion'> {
  const { nowMs, timezone, sessionId, budgets } = result;
  return { generatedAt: new Date(nowMs).toISOString(), timezone, sessionId, budgets };
}
