import type { Budget } from '../../core/budget/budget.ts';
import { type BudgetPercents, faultLine, isFault, parseBudget } from '../../core/budget/spec.ts';
import type { JsonObject } from '../../core/lang/json.ts';
import { type Environment, expandPath, settingsPath } from '../machine/paths.ts';
import { resolveProject } from '../machine/project.ts';

/**
 * The budgets of the user's settings file, and one warning for each malformed one.
 * @param percents used for budgets that set none
 */
export function settingsBudgets(
  env: Environment,
  given: JsonObject,
  percents: BudgetPercents,
  warnings: string[],
): Budget[] {
  return Object.entries(given).flatMap(([name, value]) => {
    if (value === null) return [];
    const read = parseBudget(name, value, 'settings', percents);
    const project = isFault(read) ? null : read.scope.project;
    const fault =
      project === null || /^(?:[/~]|[A-Za-z]:[\\/]|\\\\)/.test(project)
        ? read
        : { key: 'project', given: project, fault: 'is not an absolute path' };
    if (isFault(fault)) {
      warnings.push(`${settingsPath(env)}: ${faultLine(name, fault)}`);
      return [];
    }
    if (project === null) return [fault];
    const { root } = resolveProject(expandPath(project, env));
    return [{ ...fault, scope: { ...fault.scope, project: root } }];
  });
}
