import type { Budget, BudgetLevel, BudgetWindow } from './budget.ts';

/** A budget in its window that is open now. */
export interface BudgetState {
  budget: Budget;
  window: BudgetWindow;
  /** With what it was raised by. */
  limitNanoUsd: number;
  /** What the records cost, requests without a price of their own as the settings say, and `unattributedNanoUsd`. */
  spentNanoUsd: number;
  /** The part of it that the client says it spent and no record shows. */
  unattributedNanoUsd: number;
  level: BudgetLevel;
  /** It is over because a request in it has no price of its own, whatever is spent. */
  isBlockedByUnpriced: boolean;
}
