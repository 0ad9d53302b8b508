import type { BudgetPeriod } from '../core/budget/budget.ts';
import type { BudgetState } from '../core/budget/state.ts';
import { formatExactUsd, formatUsd } from '../render/text/number-format.ts';

const WHEN: Record<BudgetPeriod, string> = {
  session: 'in this session',
  prompt: 'for this prompt',
  day: 'today',
  week: 'this week',
  month: 'this month',
  total: 'in total',
};

/** Describes a crossing to the user. HOT PATH: the hook loads this. */
export function formatBudgetNotice(state: BudgetState): string {
  const { budget, spentNanoUsd, limitNanoUsd, level } = state;
  const name = `budget ${budget.name}`;
  if (state.isBlockedByUnpriced)
    return `${name} can't be checked: the cost of a request is not known`;
  if (level === 'over') return `${name} has reached its limit: ${formatSpent(state)}`;
  const percent = Math.floor((spentNanoUsd / limitNanoUsd) * 100);
  const then = { stop: '; it stops at 100%', ask: '; it asks at 100%', warn: '', observe: '' };
  return `${name}: ${percent}% spent, ${formatSpent(state)}${then[budget.action]}`;
}

/** `$16.00 of $20.00 today`. */
export function formatSpent({ budget, spentNanoUsd, limitNanoUsd }: BudgetState): string {
  const [spent, limit] = [spentNanoUsd, limitNanoUsd].map((nano) => usd(nano, limitNanoUsd));
  return `${spent} of ${limit} ${WHEN[budget.per]}`;
}

function usd(nanoUsd: number, limitNanoUsd: number): string {
  if (limitNanoUsd >= 1e9) return formatUsd(nanoUsd);
  return limitNanoUsd >= 1e7 ? formatUsd(nanoUsd, 4) : formatExactUsd(nanoUsd);
}
