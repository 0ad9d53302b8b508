import type { BilledUsage } from './usage.ts';

/** An agent's event, as far as we care about it; the same for every agent. */
export interface HookEvent {
  name: string;
  /** When, in the turn of things: what decides how long the hook may take and how far it reads. */
  moment: 'tool' | 'turn-end' | 'session-start' | 'session-end' | 'other';
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
  /** Null where the event is not the result of a tool call. */
  toolResult: { isFailed: boolean; durationMs: number | null } | null;
  usage: PayloadUsage | null;
}

/** Usage that the event itself carries. */
export interface PayloadUsage {
  /** Null: the session's own, as its earlier records tell. */
  model: string | null;
  responseId: string | null;
  parsed: BilledUsage;
  occurredAtMs: number | null;
}
