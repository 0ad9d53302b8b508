import { type AgentWithSetup, OTHER_AGENTS } from '../../agents/registry.ts';
import { pathList } from '../../core/lang/path-list.ts';
import { UserError } from '../../core/lang/user-error.ts';
import { planAgentRemoval } from '../../sources/settings/agent-files.ts';
import type { Removal } from '../../sources/settings/client-settings.ts';
import type { ChosenAgents } from '../flags/agent-names.ts';

/** What uninstall would do to the files of one agent. */
export interface AgentRemoval extends AgentWithSetup {
  removals: Removal[];
}

/**
 * The agents that have hooks of ours, and those that were named. One whose files can't be edited does not
 * keep the hooks of the others in place.
 * @throws UserError for such an agent if the user named it
 */
export function agentRemovals(
  named: ChosenAgents | null,
  recordPath: string,
): { agents: AgentRemoval[]; failed: string[] } {
  const agents: AgentRemoval[] = [];
  const failed: string[] = [];
  for (const { agent, setup } of named?.others ?? OTHER_AGENTS) {
    try {
      const all = planAgentRemoval(setup.installer, process.env, recordPath);
      const changing = all.filter(({ kind }) => kind !== 'nothing');
      if (changing.length > 0) agents.push({ agent, setup, removals: changing });
      else if (named !== null) agents.push({ agent, setup, removals: all.slice(-1) });
    } catch (error) {
      if (named !== null || !(error instanceof UserError)) throw error;
      failed.push(`${agent.title} was skipped: ${error.message}`);
    }
  }
  return { agents, failed };
}

/** What uninstall did, one line each. */
export function agentRemovalLines({ agent, removals }: AgentRemoval): string[] {
  const paths = (isOfThese: (removal: Removal) => boolean): string =>
    pathList(
      removals
        .filter((removal) => removal.kind !== 'nothing' && isOfThese(removal))
        .map(({ file }) => file.path),
    );
  const deleted = paths(({ after }) => after === null);
  const restored = paths(({ kind, after }) => kind === 'restored' && after !== null);
  const removed = paths(({ kind, after }) => kind === 'removed' && after !== null);
  const lines = [
    ...(deleted === '' ? [] : [`${agent.title}: deleted what init had created: ${deleted}.`]),
    ...(restored === '' ? [] : [`${agent.title}: ${restored} is byte for byte as before init.`]),
    ...(removed === ''
      ? []
      : [`${agent.title}: removed hooks from ${removed}; other changes since init are kept.`]),
  ];
  return lines.length > 0 ? lines : [`${agent.title} has no tallyhook hooks; nothing was changed.`];
}
