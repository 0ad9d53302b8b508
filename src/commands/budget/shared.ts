import type { Budget, BudgetTarget } from '../../core/budget/budget.ts';
import type { BudgetState } from '../../core/budget/state.ts';
import { toErrorMessage } from '../../core/lang/message-of.ts';
import { closestMatch } from '../../core/lang/closest-match.ts';
import type { ZoneOffset } from '../../core/time/period.ts';
import { UserError } from '../../core/lang/user-error.ts';
import { type EffectiveBudgets, effectiveBudgets } from '../../budgets/effective.ts';
import { budgetStates } from '../../budgets/evaluate.ts';
import { resolveProject } from '../../sources/machine/project.ts';
import { selectLastPrompt } from '../../store/budgets/reader.ts';
import { findLastSession } from '../../store/sessions/last.ts';
import { BudgetWriter } from '../../store/budgets/writer.ts';
import type { Ledger } from '../../store/connection/open.ts';
import type { LedgerReader } from '../../store/reader.ts';
import { warn } from '../session/io.ts';
import { currentLedgerPath, currentPrices, currentSettings } from '../session/settings.ts';
import { findSession } from '../flags/filters.ts';

/** The budgets that apply here. Warns about those that do not, and keeps roll-ups for their scopes. */
export function currentBudgets(db: Ledger): EffectiveBudgets {
  const settings = currentSettings();
  const effective = effectiveBudgets(db, process.env, settings, process.cwd());
  for (const warning of effective.warnings) {
    // Problems in the settings file were reported when it was read.
    if (!settings.warnings.includes(warning)) warn(warning);
  }
  if (!db.readonly) {
    try {
      new BudgetWriter(db).keepScopes(effective.scopes);
    } catch (error) {
      warn(`the ledger could not be written, so budgets are slower: ${toErrorMessage(error)}`);
    }
  }
  return effective;
}

/** What is spent of each budget that has a window for this target. */
export function statesAt(
  db: Ledger,
  budgets: readonly Budget[],
  place: BudgetTarget,
  nowMs: number,
  offset: ZoneOffset,
): BudgetState[] {
  const { unpriced } = currentSettings().budget;
  return budgetStates(db, budgets, place, nowMs, offset, { unpriced, prices: currentPrices });
}

/**
 * The session to check: the named one, else the one that runs this command, else the last session of this
 * project, else the last session of all.
 * @throws UserError for the start of several session ids
 */
export async function budgetTarget(
  db: Ledger,
  reader: LedgerReader,
  session: string | undefined,
): Promise<BudgetTarget> {
  const sessionId =
    session === undefined ? sessionHere(db) : await sessionNamed(db, session, reader);
  return { sessionId, promptId: sessionId === null ? null : selectLastPrompt(db, sessionId) };
}

async function sessionNamed(
  db: Ledger,
  session: string,
  reader: LedgerReader,
): Promise<string | null> {
  return session === 'last'
    ? (findLastSession(db, null)?.sessionId ?? null)
    : await findSession(session, reader);
}

function sessionHere(db: Ledger): string | null {
  const own = process.env['CLAUDE_CODE_SESSION_ID'] || process.env['CLAUDE_SESSION_ID'];
  if (own !== undefined && own !== '') return own;
  const last = findLastSession(db, resolveProject(process.cwd()).root) ?? findLastSession(db, null);
  return last?.sessionId ?? null;
}

/** @throws UserError if no budget has that name */
export function budgetNamed(budgets: readonly Budget[], name: string): Budget {
  const match = budgets.find((budget) => budget.name === name);
  if (match !== undefined) return match;
  const names = budgets.map((budget) => budget.name);
  const meant = closestMatch(name, names);
  const shown = JSON.stringify(name.slice(0, 80));
  if (meant !== null) throw new UserError(`there is no budget ${shown}`, `Did you mean ${meant}?`);
  throw new UserError(
    `there is no budget ${shown}`,
    names.length === 0
      ? 'No budget is set. Set one: tallyhook budget set NAME --limit 20 --per day'
      : `Budgets: ${names.slice(0, 20).join(', ')}.`,
  );
}

/** @throws UserError if the ledger is read-only */
export function requireWritableLedger(db: Ledger): void {
  if (db.readonly)
    throw new UserError(`${currentLedgerPath()} cannot be written`, 'Check its permissions.');
}
