/** One request as reported and priced by the client itself. Used for comparison only, never as a record. */
export interface ClientRequest {
  /** The vendor's id; if the event has none, an id that distinguishes it from others. */
  requestId: string;
  sessionId: string;
  promptId: string | null;
  agentId: string | null;
  /** When it ended, milliseconds UTC. */
  occurredAtMs: number;
  /** As reported. */
  model: string;
  /** What the request was for, in the client's own word. */
  querySource: string | null;
  costNanoUsd: number;
  inputTokens: number;
  outputTokens: number;
  cacheReadTokens: number;
  cacheWriteTokens: number;
  clientVersion: string | null;
}
