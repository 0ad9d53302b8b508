import type { StepDraft } from '../attribution/step.ts';
import type { UnpricedRecord } from '../record/cost-record.ts';
import type { AuxiliaryKind, ClientModelTotal, ToolCall } from '../transcript/entry.ts';

/** A tool call of a request of this extraction. */
export interface ToolUseDraft extends ToolCall {
  recordId: string;
  calledAtMs: number;
}

export interface ToolResultDraft {
  toolUseId: string;
  isFailed: boolean;
  durationMs: number | null;
}

/** Who a subagent is: its type, what started it, and on whose behalf. */
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
  /** Of all runs of the counter: pauses between them do not count. */
  elapsedMs: number;
  /** Time of the last line before it that has one; null where there is none. */
  reportedAtMs: number | null;
}

/** Requests of the client's own that a line shows without their usage. */
export interface AuxiliaryRequest {
  sessionId: string;
  kind: AuxiliaryKind;
  key: string;
  requests: number;
  atMs: number;
}

/** What a stretch of one transcript says, ready to be written. */
export interface Extraction {
  records: Map<string, UnpricedRecord>;
  toolUses: ToolUseDraft[];
  toolResults: ToolResultDraft[];
  births: { sessionId: string; bornAtMs: number }[];
  /** Forks, each with the session that its copied lines last name: the one it was forked from. */
  parents: Map<string, string>;
  agents: Map<string, AgentDraft>;
  clientTotals: ClientTotalDraft[];
  /** Requests by what entered their contexts and what they wrote. */
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
