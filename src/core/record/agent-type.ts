/**
 * The agent type of a subagent whose type no transcript states: stored, shown, filtered and grouped by as
 * it is, so that it is the same in every report. The main thread has none (null).
 */
export const UNKNOWN_AGENT_TYPE = 'subagent (unknown type)';

interface Claimed {
  isMainThread: boolean;
  agentId: string | null;
  agentType: string | null;
}

/** The agent type to store; a compaction belongs to no subagent. */
export function storedAgentType({ isMainThread, agentId, agentType }: Claimed): string | null {
  if (agentType !== null || isMainThread || isCompaction(agentId)) return agentType;
  return UNKNOWN_AGENT_TYPE;
}

/** Null for an agent type that is not known. */
export function knownAgentType(stored: string | null): string | null {
  return stored === UNKNOWN_AGENT_TYPE ? null : stored;
}

/** Claude Code runs a compaction under an agent id of this form. */
export function isCompaction(agentId: string | null): boolean {
  return agentId?.startsWith('acompact-') === true;
}
