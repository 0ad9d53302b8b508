import type { AgentDraft, Extraction } from './extraction.ts';

/** Stores what a line states about a subagent; the first statement wins. */
export function noteAgent(
  agents: Extraction['agents'],
  sessionId: string,
  agentId: string,
  facts: Omit<AgentDraft, 'sessionId' | 'agentId'>,
): void {
  const key = `${sessionId}\n${agentId}`;
  const existing = agents.get(key);
  agents.set(key, {
    sessionId,
    agentId,
    agentType: existing?.agentType ?? facts.agentType,
    parentAgentId: existing?.parentAgentId ?? facts.parentAgentId,
    spawnToolUseId: existing?.spawnToolUseId ?? facts.spawnToolUseId,
  });
}
