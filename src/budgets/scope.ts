import type { Budget, BudgetScope } from '../core/budget/budget.ts';
import type { HookEvent } from '../core/hook/event.ts';
import { currentBranch } from '../sources/machine/git-branch.ts';
import { resolveProject } from '../sources/machine/project.ts';
import type { LastModel } from '../store/ingest/last-requests.ts';

/** Whether what is spent here counts for a budget: another project's is nobody's business here. */
export function appliesToEvent({ scope }: Budget, { cwd }: HookEvent, client: string): boolean {
  const { project, branch } = scope;
  return (
    (scope.client === null || scope.client === client) &&
    (project === null || (cwd !== null && resolveProject(cwd).root === project)) &&
    (branch === null || (cwd !== null && currentBranch(cwd) === branch))
  );
}

/**
 * Whether the next request would be spent on a budget that is spent. An agent type's stops agents
 * of that type, a tool's stops what has just used the tool, a model's the thread that talks to it:
 * the rest of the session goes on.
 */
export function nextRequestMatches(
  scope: BudgetScope,
  { agentType, pendingTools }: HookEvent,
  lastModel: () => LastModel | null,
): boolean {
  return (
    (scope.agentType === null || scope.agentType === agentType) &&
    (scope.tool === null || pendingTools.some(({ name }) => name === scope.tool)) &&
    (scope.model === null || lastModel()?.model === scope.model) &&
    (scope.provider === null || lastModel()?.provider === scope.provider)
  );
}
