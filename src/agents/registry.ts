import { claudeCode } from './claude-code/index.ts';
import type { Agent } from './types.ts';

const agents: Record<string, Agent> = { [claudeCode.name]: claudeCode };

export const DEFAULT_AGENT = claudeCode;

export function agentNamed(name: string): Agent | null {
  return Object.hasOwn(agents, name) ? (agents[name] ?? null) : null;
}
