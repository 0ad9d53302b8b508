import {
  type Budget,
  type BudgetLevel,
  type BudgetPlace,
  type BudgetWindow,
  levelOf,
  windowOf,
} from '../core/budget.ts';
import type { ZoneOffset } from '../core/period.ts';
import { allowedNanoUsd } from '../store/budget-reader.ts';
import { familyOf, spentInRange, spentInSessions } from '../store/budget-spend.ts';
import type { Ledger } from '../store/open.ts';

/** A budget in its window that is open now. */
export interface BudgetState {
  budget: Budget;
  window: BudgetWindow;
  /** With what it was raised by. */
  limitNanoUsd: number;
  spentNanoUsd: number;
  level: BudgetLevel;
}

/** What is spent of each budget that has a window here and now; what hooks and commands decide by. */
export function budgetStates(
  db: Ledger,
  budgets: readonly Budget[],
  { sessionId, promptId }: BudgetPlace,
  nowMs: number,
  offset: ZoneOffset,
): BudgetState[] {
  const family = sessionId === null ? [] : familyOf(db, sessionId);
  return budgets.flatMap((budget) => {
    const window = windowOf(budget.per, nowMs, offset, family[0] ?? null, promptId);
    if (window === null) return [];
    const isInSession = budget.per === 'session' || budget.per === 'prompt';
    const spend = isInSession
      ? spentInSessions(db, budget.scope, family, budget.per === 'prompt' ? promptId : null)
      : spentInRange(db, budget.scope, window);
    const limitNanoUsd = budget.limitNanoUsd + allowedNanoUsd(db, budget.name, window.key, nowMs);
    const level = levelOf(spend.costNanoUsd, limitNanoUsd, budget);
    return [{ budget, window, limitNanoUsd, spentNanoUsd: spend.costNanoUsd, level }];
  });
}
