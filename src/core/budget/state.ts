import type { Budget, BudgetLevel, BudgetWindow } from './budget.ts';

/** A budget with the window that is open now. */
export interface BudgetState {
  budget: Budget;
  window: BudgetWindow;
  /** The limit including allowances. */
  limitNanoUsd: number;
  /**
   * The recorded cost, with requests without a known price counted as the settings say, plus
   * `unattributedNanoUsd`.
   */
  spentNanoUsd: number;
  /** The part of the spend that the client reports and no record shows. */
  unattributedNanoUsd: number;
  level: BudgetLevel;
  /** Requests that are left out of the spend because their cost is not known: no price, or no counts. */
  unpricedRequests: number;
  /** It counts as over because it contains a request without a known cost, whatever is spent. */
  isBlockedByUnpriced: boolean;
}
