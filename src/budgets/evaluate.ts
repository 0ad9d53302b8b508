import {
  type Budget,
  type BudgetTarget,
  type BudgetWindow,
  WHOLE_SCOPE,
  computeLevel,
  computeWindow,
} from '../core/budget/budget.ts';
import type { BudgetState } from '../core/budget/state.ts';
import type { ZoneOffset } from '../core/time/period.ts';
import type { PriceTable } from '../pricing/price-table.ts';
import type { UnpricedRule } from '../core/settings/price-rules.ts';
import { scaleToHighestPrice, highestPriceRatio } from '../pricing/unpriced.ts';
import { allowancesNow } from '../store/budgets/reader.ts';
import {
  type BudgetSpend,
  selectFamily,
  spentInRange,
  spentInSessions,
} from '../store/budgets/spend.ts';
import { unattributedInRange, unattributedInSessions } from '../store/client/unattributed-spend.ts';
import type { Ledger } from '../store/connection/open.ts';

export type { BudgetState } from '../core/budget/state.ts';

/** How to count requests whose cost is not known: no price for the model, or no readable counts. */
export interface Counting {
  unpriced: UnpricedRule;
  /** Called only when the highest price is needed. */
  prices: () => PriceTable;
}

/**
 * The state of each budget whose period applies at this time and place. Hooks and commands decide by it.
 */
export function budgetStates(
  db: Ledger,
  budgets: readonly Budget[],
  { sessionId, promptId }: BudgetTarget,
  nowMs: number,
  offset: ZoneOffset,
  counting: Counting | null = null,
): BudgetState[] {
  const family = sessionId === null ? [] : selectFamily(db, sessionId);
  const unattributed = new UnattributedSpend(db, family);
  const allowed = allowancesNow(db, nowMs);
  return budgets.flatMap((budget) => {
    const window = computeWindow(budget.per, nowMs, offset, family[0] ?? null, promptId);
    if (window === null) return [];
    const isInSession = budget.per === 'session' || budget.per === 'prompt';
    const spend = isInSession
      ? spentInSessions(db, budget.scope, family, budget.per === 'prompt' ? promptId : null)
      : spentInRange(db, budget.scope, window);
    const limitNanoUsd = budget.limitNanoUsd + allowed(budget.name, window.key);
    const unattributedNanoUsd = unattributed.of(budget, window);
    const spentNanoUsd = countedNanoUsd(spend, counting, nowMs) + unattributedNanoUsd;
    const isBlockedByUnpriced = counting?.unpriced === 'block' && hasUnpriced(spend);
    const level = isBlockedByUnpriced ? 'over' : computeLevel(spentNanoUsd, limitNanoUsd, budget);
    return [
      {
        budget,
        window,
        limitNanoUsd,
        spentNanoUsd,
        unattributedNanoUsd,
        level,
        unpricedRequests: spend.unpricedRequests,
        isBlockedByUnpriced,
      },
    ];
  });
}

function countedNanoUsd(spend: BudgetSpend, counting: Counting | null, nowMs: number): number {
  const { costNanoUsd, estimatedCostNanoUsd } = spend;
  if (counting?.unpriced !== 'highest-price' || estimatedCostNanoUsd === 0) return costNanoUsd;
  const ratio = highestPriceRatio(counting.prices(), nowMs);
  return costNanoUsd - estimatedCostNanoUsd + scaleToHighestPrice(estimatedCostNanoUsd, ratio);
}

function hasUnpriced({ estimatedCostNanoUsd, unpricedRequests }: BudgetSpend): boolean {
  return estimatedCostNanoUsd > 0 || unpricedRequests > 0;
}

/**
 * Spend that clients report beyond the records. It is known only for complete sessions; each window is
 * queried once.
 */
class UnattributedSpend {
  readonly #db: Ledger;
  readonly #family: string[];
  readonly #amounts = new Map<string, number>();

  constructor(db: Ledger, family: string[]) {
    this.#db = db;
    this.#family = family;
  }

  of({ per, scope }: Budget, window: BudgetWindow): number {
    if (per === 'prompt' || !isWholeOrProject(scope)) return 0;
    const { project } = scope;
    const key = `${per} ${project}`;
    let amount = this.#amounts.get(key);
    if (amount === undefined) {
      amount =
        per === 'session'
          ? unattributedInSessions(this.#db, this.#family, project)
          : unattributedInRange(this.#db, window, project);
      this.#amounts.set(key, amount);
    }
    return amount;
  }
}

function isWholeOrProject(scope: Budget['scope']): boolean {
  const facts = Object.keys(WHOLE_SCOPE) as (keyof typeof WHOLE_SCOPE)[];
  return facts.every((name) => name === 'project' || scope[name] === null);
}
