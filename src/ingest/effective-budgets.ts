import type { Budget } from '../core/budget.ts';
import { readBudgets } from '../store/budget-reader.ts';
import type { Ledger } from '../store/open.ts';

/** Every budget that counts: so far those that were set by the command line. */
export function effectiveBudgets(db: Ledger): Budget[] {
  return readBudgets(db);
}
