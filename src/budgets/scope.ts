import type { Budget, BudgetScope } from '../core/budget/budget.ts';
import type { HookEvent } from '../core/hook/event.ts';
import { storedAgentType } from '../core/record/agent-type.ts';
import { currentBranch } from '../sources/machine/git-branch.ts';
import { resolveProject } from '../sources/machine/project.ts';
import type { Ledger } from '../store/connection/open.ts';
import { currentRoot, firstFolder } from '../store/sessions/projects.ts';
import type { LastModel } from '../store/ingest/last-requests.ts';

/** Whether spend in this folder and client counts for a budget. Budgets of other projects do not apply. */
export function appliesToEvent(
  { scope }: Budget,
  { cwd, sessionId }: HookEvent,
  client: string,
  db: Ledger | null = null,
): boolean {
  const { project, branch } = scope;
  return (
    (scope.client === null || scope.client === client) &&
    (project === null || (cwd !== null && projectRootOf(db, cwd, sessionId) === project)) &&
    (branch === null || (cwd !== null && currentBranch(cwd) === branch))
  );
}

/** The project that a session's requests in a folder count for. */
export function projectRootOf(db: Ledger | null, cwd: string, sessionId: string | null): string {
  const { root, isLoose } = resolveProject(cwd);
  if (db === null) return root;
  const first = isLoose === true && sessionId !== null ? firstFolder(db, sessionId) : null;
  return currentRoot(db, first === null ? root : resolveProject(first).root);
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
