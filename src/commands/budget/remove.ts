import { UserError } from '../../core/lang/user-error.ts';
import type { DocumentOf } from '../../schemas/schema-of.ts';
import type { budgetRemove } from '../../schemas/budgets.ts';
import { readBudgets } from '../../store/budgets/reader.ts';
import { BudgetWriter } from '../../store/budgets/writer.ts';
import { type FlagValues, defineCommand } from '../define.ts';
import { json } from '../flags/json.ts';
import { printDocument } from '../session/document.ts';
import { printLine, warn } from '../session/io.ts';
import { openOrExplain } from '../session/ledger.ts';
import { currentLedgerPath } from '../session/settings.ts';
import { oneName } from './flags.ts';
import { BUDGET_SOURCES } from './set.ts';
import { budgetNamed, currentBudgets, requireWritableLedger } from './shared.ts';

const removeFlags = { json } as const;

export const budgetRemoveCommand = defineCommand({
  positionals: oneName,
  flags: removeFlags,
  examples: [['tallyhook budget remove daily', 'Remove the budget; its history is kept']],
  handler: removeBudget,
});

function removeBudget(flags: FlagValues<typeof oneName & typeof removeFlags>): void {
  const db = openOrExplain(currentLedgerPath());
  requireWritableLedger(db);
  const isRemoved = new BudgetWriter(db).remove(flags.name);
  const { budgets } = currentBudgets(db);
  const left = budgets.find(({ name }) => name === flags.name);
  if (!isRemoved) {
    if (left === undefined || left.origin === 'command') {
      budgetNamed(readBudgets(db), flags.name);
      return;
    }
    throw new UserError(
      `${flags.name} is set in ${BUDGET_SOURCES[left.origin]}, so no command can remove it`,
      'Remove it there.',
    );
  }
  if (flags.json) printDocument<DocumentOf<typeof budgetRemove>>({ name: flags.name, isRemoved });
  else printLine(`${flags.name} removed; its history is kept`);
  if (left !== undefined && left.origin !== 'command') {
    warn(`a budget of that name in ${BUDGET_SOURCES[left.origin]} applies now`);
  }
}
