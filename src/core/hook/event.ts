import type { BilledUsage } from '../usage/usage.ts';

/** The parts of an agent's event that tallyhook needs; the same for every agent. */
export interface HookEvent {
  name: string;
  /** When in a turn the event arrives. This decides how long the hook may take and how far it reads. */
  phase: 'tool' | 'turn-end' | 'session-start' | 'session-end' | 'other';
  /** The question the agent waits to have answered; null if it would ignore an answer. */
  decision: HookDecision | null;
  sessionId: string | null;
  /** The main transcript, also inside a subagent. */
  transcriptPath: string | null;
  /** The subagent's own transcript, if the event names it. */
  agentTranscriptPath: string | null;
  promptId: string | null;
  /** The prompt the user is about to send, if the event contains it. */
  prompt: string | null;
  agentId: string | null;
  agentType: string | null;
  cwd: string | null;
  toolName: string | null;
  toolUseId: string | null;
  /** The tool calls that the question is about; empty for any other event. */
  pendingTools: PendingTool[];
  /** Null where the event is not the result of a tool call. */
  toolResult: { isFailed: boolean; durationMs: number | null } | null;
  usage: PayloadUsage | null;
}

/**
 * `prompt` and `compaction`: before they are sent. `tool`: before it runs. `tool-batch`: between the tools
 * of a response and the next request. `turn-end`: there is no next request.
 */
export type HookDecision = 'prompt' | 'tool' | 'tool-batch' | 'compaction' | 'turn-end';

export interface PendingTool {
  name: string | null;
  toolUseId: string | null;
  /** The command line, for a tool that runs one. */
  shellCommand: string | null;
}

/** Usage that the event itself carries. */
export interface PayloadUsage {
  /** Null: the one that earlier records of the session have. */
  model: string | null;
  responseId: string | null;
  parsed: BilledUsage;
  occurredAtMs: number | null;
}
