/** One request as the client itself tells it, priced by the client. A witness's word: no record. */
export interface ClientRequest {
  /** The vendor's id; where the event has none, what tells it from others. */
  requestId: string;
  sessionId: string;
  promptId: string | null;
  agentId: string | null;
  /** When it had ended, milliseconds UTC. */
  occurredAtMs: number;
  /** As sent. */
  model: string;
  /** What the client asked for: `compact`, `repl_main_thread`, `agent:...`. */
  querySource: string | null;
  costNanoUsd: number;
  inputTokens: number;
  outputTokens: number;
  cacheReadTokens: number;
  cacheWriteTokens: number;
  clientVersion: string | null;
}
