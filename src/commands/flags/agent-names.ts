import { claudeCode } from '../../agents/claude-code/index.ts';
import { type AgentWithSetup, AGENTS, OTHER_AGENTS } from '../../agents/registry.ts';
import { closestMatches } from '../../core/lang/closest-match.ts';
import { UserError } from '../../core/lang/user-error.ts';

/** `--agent codex --agent pi` or `--agent codex,pi`. */
export const agentFlag = {
  type: 'string',
  array: true,
  requiresArg: true,
} as const;

/** Agents whose hooks a command changes. */
export interface ChosenAgents {
  claudeCode: boolean;
  others: AgentWithSetup[];
}

/**
 * The agents that `--agent` names; null without it.
 * @throws UserError for an unknown name, with the closest ones
 */
export function parseAgentNames(values: readonly string[] | undefined): ChosenAgents | null {
  if (values === undefined) return null;
  const known = AGENTS.map(({ name }) => name);
  const names = values.flatMap((value) => value.split(',')).map((name) => name.trim());
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    const [meant] = closestMatches(unknown, known, 1);
    const hint = meant === undefined ? `Use ${known.join(', ')}.` : `Did you mean ${meant}?`;
    throw new UserError(`--agent: '${unknown.slice(0, 80)}' is not an agent`, hint);
  }
  return {
    claudeCode: names.includes(claudeCode.name),
    others: OTHER_AGENTS.filter(({ agent }) => names.includes(agent.name)),
  };
}
