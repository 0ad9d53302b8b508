import type { Budget, BudgetScope } from '../core/budget/budget.ts';
import type { HookEvent } from '../core/hook/event.ts';
import { storedAgentType } from '../core/record/agent-type.ts';
import { currentBranch } from '../sources/machine/git-branch.ts';
import { resolveProject } from '../sources/machine/project.ts';
import type { LastModel } from '../store/ingest/last-requests.ts';

/** Whether spend in this folder and client counts for a budget. Budgets of other projects do not apply. */
export function appliesToEvent({ scope }: Budget, { cwd }: HookEvent, client: string): boolean {
  const { project, branch } = scope;
  return (
    (scope.client === null || scope.client === client) &&
    (project === null || (cwd !== null && resolveProject(cwd).root === project)) &&
    (branch === null || (cwd !== null && currentBranch(cwd) === branch))
  );
}

/**
 * Whether the next request would be charged to a spent budget. A budget of an agent type stops agents of
 * that type, one of a tool stops the thread that just used the tool, and one of a model stops the thread
 * that talks to that model. The rest of the session continues.
 */
export function nextRequestMatches(
  scope: BudgetScope,
  { agentId, agentType, pendingTools }: HookEvent,
  lastModel: () => LastModel | null,
): boolean {
  return (
    (scope.agentType === null ||
      scope.agentType ===
        storedAgentType({ isMainThread: agentId === null, agentId, agentType })) &&
    (scope.tool === null || pendingTools.some(({ name }) => name === scope.tool)) &&
    (scope.model === null || lastModel()?.model === scope.model) &&
    (scope.provider === null || lastModel()?.provider === scope.provider)
  );
}
