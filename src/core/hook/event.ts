import type { BilledUsage } from '../usage/usage.ts';

/** An agent's event, as far as we care about it; the same for every agent. */
export interface HookEvent {
  name: string;
  /** When, in the turn of things: what decides how long the hook may take and how far it reads. */
  phase: 'tool' | 'turn-end' | 'session-start' | 'session-end' | 'other';
  /** What the agent waits for an answer to; null where it would not listen to one. */
  decision: HookDecision | null;
  sessionId: string | null;
  /** The main transcript, also inside a subagent. */
  transcriptPath: string | null;
  /** The subagent's own transcript, where the event names it. */
  agentTranscriptPath: string | null;
  promptId: string | null;
  /** What the user is about to send, where the event tells of it. */
  prompt: string | null;
  agentId: string | null;
  agentType: string | null;
  cwd: string | null;
  toolName: string | null;
  toolUseId: string | null;
  /** The tool calls that the question is about; of any other event, none. */
  pendingTools: PendingTool[];
  /** Null where the event is not the result of a tool call. */
  toolResult: { isFailed: boolean; durationMs: number | null } | null;
  usage: PayloadUsage | null;
}

/**
 * `prompt` and `compaction` before they are sent, `tool` before it runs, `tool-batch` between a
 * response's tools and the next request, `turn-end` when there is none.
 */
export type HookDecision = 'prompt' | 'tool' | 'tool-batch' | 'compaction' | 'turn-end';

export interface PendingTool {
  name: string | null;
  toolUseId: string | null;
  /** The command line, of a tool that runs one. */
  shellCommand: string | null;
}

/** Usage that the event itself carries. */
export interface PayloadUsage {
  /** Null: the session's own, as its earlier records tell. */
  model: string | null;
  responseId: string | null;
  parsed: BilledUsage;
  occurredAtMs: number | null;
}
