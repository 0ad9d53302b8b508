import { type Budget, type BudgetScope, isStricter } from '../core/budget/budget.ts';
import { environmentBudgets, environmentPercents } from '../core/budget/environment.ts';
import { type BudgetPercents, faultLine, isFault, parseBudget } from '../core/budget/spec.ts';
import { asObject } from '../core/lang/json.ts';
import { budgetsKind as kind } from '../core/settings/kinds.ts';
import { shown } from '../core/settings/resolve.ts';
import type { Environment } from '../sources/machine/paths.ts';
import { resolveProject } from '../sources/machine/project.ts';
import { projectLayer } from '../sources/settings/project-file.ts';
import { settingsBudgets } from '../sources/settings/budgets.ts';
import type { Settings } from '../sources/settings/file.ts';
import { readBudgets } from '../store/budgets/reader.ts';
import { currentRoot } from '../store/sessions/projects.ts';
import type { Ledger } from '../store/connection/open.ts';

export interface EffectiveBudgets {
  /** Sorted by name. */
  budgets: Budget[];
  /** Entries that are ignored because they are malformed or because a project may not set them. */
  warnings: string[];
  /** Scopes of the user's own budgets, to be rolled up. A project's file must not cause work for others. */
  scopes: BudgetScope[];
}

/** At most this many budgets from a project's file: the hook evaluates each of them at every tool call. */
const MAX_PROJECT_BUDGETS = 10;

/**
 * Every budget that applies in a folder. The user's own come from the command line, the environment and
 * the settings. If several share a name, the strictest applies; if they can't be compared (different
 * period or scope), the first of these three sources does. The project's `.tallyhook.json` may tighten
 * one of them, or add budgets for the project itself. HOT PATH: without budgets this costs one statement
 * and one check for the file.
 */
export function effectiveBudgets(
  db: Ledger,
  env: Environment,
  settings: Pick<Settings, 'budgets'>,
  cwd: string,
): EffectiveBudgets {
  const warnings: string[] = [];
  const percents = environmentPercents(env, warnings);
  const own = new Map<string, Budget>();
  const sources = [
    readBudgets(db),
    environmentBudgets(env, percents, warnings),
    settingsBudgets(env, settings.budgets, percents, warnings),
  ];
  for (const given of sources.flat()) {
    const budget = ofCurrentProject(db, given);
    const other = own.get(budget.name);
    if (other === undefined) own.set(budget.name, budget);
    else if (isStricter(other, budget)) continue;
    else if (isStricter(budget, other)) own.set(budget.name, budget);
    else {
      warnings.push(
        `budget ${budget.name}: the definitions in the ${MESSAGES[budget.origin]} and the ${MESSAGES[other.origin]} differ, and neither is stricter; the ${MESSAGES[other.origin]} applies`,
      );
    }
  }
  const all = new Map(own);
  addProjectBudgets(all, db, cwd, percents, warnings);
  const budgets = [...all.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  return { budgets, warnings, scopes: [...own.values()].map(({ scope }) => scope) };
}

/** A budget of a project that has been merged into another counts for that one. */
function ofCurrentProject(db: Ledger, budget: Budget): Budget {
  const { project } = budget.scope;
  if (project === null) return budget;
  return { ...budget, scope: { ...budget.scope, project: currentRoot(db, project) } };
}

const MESSAGES = {
  command: 'command line',
  environment: 'environment',
  settings: 'settings file',
  project: 'project',
};

/** A project's file comes with a repository that may be hostile, so it can only tighten budgets. */
function addProjectBudgets(
  all: Map<string, Budget>,
  db: Ledger,
  cwd: string,
  percents: BudgetPercents,
  warnings: string[],
): void {
  const { layer } = projectLayer(cwd);
  if (layer === null) return;
  const warn = (text: string): number => warnings.push(`${layer.path}: ${text}`);
  const budgets = layer.object['budgets'] ?? {};
  if (asObject(budgets) === null) warn(`budgets: ${shown(budgets)} ${kind.fault}; ignored`);
  const given = Object.entries(asObject(budgets) ?? {});
  if (given.length > MAX_PROJECT_BUDGETS) {
    warn(`budgets: more than ${MAX_PROJECT_BUDGETS}; the others are ignored`);
  }
  const { root, name } = resolveProject(cwd);
  for (const [budget, value] of given.slice(0, MAX_PROJECT_BUDGETS)) {
    const base = all.get(budget) ?? null;
    const read = parseBudget(budget, value, 'project', percents, base);
    if (isFault(read)) {
      warn(faultLine(budget, read));
      continue;
    }
    if (base !== null) {
      if (isTightened(read, base)) all.set(budget, read);
      else warn(`budgets.${budget}: is not stricter than your budget of that name; ignored`);
      continue;
    }
    const { project } = read.scope;
    const isOwn = project === null || project === '.' || [root, name].includes(project);
    if (!isOwn && resolveProject(project).root !== root) {
      warn(
        `budgets.${budget}: a project's file can only set budgets for the project itself; ignored`,
      );
      continue;
    }
    all.set(budget, ofCurrentProject(db, { ...read, scope: { ...read.scope, project: root } }));
  }
}

/**
 * The percentages have to be the user's. Each crossing of a limit is notified once, wherever it is
 * detected, so a repository that triggers the warning early would use up the one that the user expects.
 */
function isTightened(read: Budget, base: Budget): boolean {
  const hasPercents =
    read.warnPercent === base.warnPercent && read.criticalPercent === base.criticalPercent;
  return hasPercents && isStricter(read, base);
}
