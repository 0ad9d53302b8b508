import type { StepDraft } from '../attribution/step.ts';
import type { UnpricedRecord } from '../record/cost-record.ts';
import type { AuxiliaryKind, ClientModelTotal, ToolCall } from '../transcript/entry.ts';

/** A tool call made by a request of this extraction. */
export interface ToolUseDraft extends ToolCall {
  recordId: string;
  calledAtMs: number;
}

export interface ToolResultDraft {
  toolUseId: string;
  isFailed: boolean;
  durationMs: number | null;
}

/** The type of a subagent, what started it, and for whom. */
export interface AgentDraft {
  sessionId: string;
  agentId: string;
  agentType: string | null;
  parentAgentId: string | null;
  spawnToolUseId: string | null;
}

export interface ClientTotalDraft extends ClientModelTotal {
  sessionId: string;
  startedAtMs: number;
  /** Over all runs of the counter: pauses between runs do not count. */
  elapsedMs: number;
  /** Time of the last line before it that has one; null if there is none. */
  reportedAtMs: number | null;
}

/** Auxiliary requests: the client's own, which a line shows without their usage. */
export interface AuxiliaryRequest {
  sessionId: string;
  kind: AuxiliaryKind;
  key: string;
  requests: number;
  atMs: number;
}

/** The contents of a batch of lines of one transcript, ready to be written. */
export interface Extraction {
  records: Map<string, UnpricedRecord>;
  toolUses: ToolUseDraft[];
  toolResults: ToolResultDraft[];
  births: { sessionId: string; bornAtMs: number }[];
  /** Forks, each with the session that its copied lines last name: the one it was forked from. */
  parents: Map<string, string>;
  agents: Map<string, AgentDraft>;
  clientTotals: ClientTotalDraft[];
  /** Steps: what entered the context of each request, and what it wrote. */
  steps: StepDraft[];
  pullRequests: { sessionId: string; name: string; linkedAtMs: number }[];
  asides: AuxiliaryRequest[];
}

export function emptyExtraction(): Extraction {
  return {
    records: new Map(),
    toolUses: [],
    toolResults: [],
    births: [],
    parents: new Map(),
    agents: new Map(),
    clientTotals: [],
    steps: [],
    pullRequests: [],
    asides: [],
  };
}
