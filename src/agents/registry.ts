import { claudeCode } from './claude-code/index.ts';
import type { Agent } from './types.ts';

/** Every agent: one line each. */
export const AGENTS: readonly Agent[] = [claudeCode];

const byName = new Map(AGENTS.map((agent) => [agent.name, agent]));

export function agentNamed(name: string): Agent | null {
  return byName.get(name) ?? null;
}
