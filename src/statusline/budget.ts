import type { Budget } from '../core/budget/budget.ts';
import type { BudgetState } from '../core/budget/state.ts';
import type { ZoneOffset } from '../core/time/period.ts';
import { budgetStates } from '../budgets/evaluate.ts';
import { projectRootOf } from '../budgets/scope.ts';
import { effectiveBudgets } from '../budgets/effective.ts';
import { currentBranch } from '../sources/machine/git-branch.ts';
import type { Environment } from '../sources/machine/paths.ts';
import type { Settings } from '../sources/settings/file.ts';
import type { Ledger } from '../store/connection/open.ts';

/** The part of a budget that the line shows. */
export interface ShownBudget {
  name: string;
  /** 100 is the whole limit. */
  usedPercent: number;
  warnPercent: number;
}

/**
 * The budget closest to its limit, of those that apply in this session and folder; null if there are
 * none.
 */
export function closestBudget(
  db: Ledger,
  env: Environment,
  settings: Settings,
  { sessionId, cwd }: { sessionId: string | null; cwd: string },
  nowMs: number,
  zone: () => ZoneOffset,
): ShownBudget | null {
  const { budgets } = effectiveBudgets(db, env, settings, cwd);
  const here = budgets.filter((budget) => appliesIn(db, budget, cwd, sessionId));
  if (here.length === 0) return null;
  // Claude Code does not pass the current prompt to its status line.
  const states = budgetStates(db, here, { sessionId, promptId: null }, nowMs, zone());
  const shares = states.map((state) => ({ state, usedPercent: computeUsedShare(state) }));
  const [closest] = shares.sort((a, b) => b.usedPercent - a.usedPercent);
  if (closest === undefined) return null;
  const { name, warnPercent } = closest.state.budget;
  return { name, warnPercent, usedPercent: closest.usedPercent };
}

/** The next model, tool or agent is not known, so budgets for one of these always apply. */
function appliesIn(db: Ledger, { scope }: Budget, cwd: string, sessionId: string | null): boolean {
  if (scope.project !== null && scope.project !== projectRootOf(db, cwd, sessionId)) return false;
  return scope.branch === null || scope.branch === currentBranch(cwd);
}

function computeUsedShare({ spentNanoUsd, limitNanoUsd }: BudgetState): number {
  return (spentNanoUsd / limitNanoUsd) * 100;
}
