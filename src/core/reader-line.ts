import type { Usage } from './usage/usage.ts';

/** A transcript line with token counts, as tallyhook reads it and as another reader (ccusage) does. */
export interface ReaderLine {
  /** The id of the record it belongs to (see `core/record/identity.ts`). */
  recordId: string;
  messageId: string | null;
  /** Whether it is a subagent's line, which may repeat one of the main thread. */
  isAgentThread: boolean;
  /** Null if the line has no valid timestamp. */
  atMs: number | null;
  model: string;
  speed: string | null;
  /** As tallyhook reads it. */
  usage: Usage;
  /** As the other reader reads it; it does not count web searches. */
  theirUsage: Usage;
  /** The line's own `costUSD`, which the other reader uses as the cost. */
  chargedNanoUsd: number | null;
  /** Why the other reader skips the line; null: it counts the line. */
  passedOver: string | null;
  /** An API error with token counts: it was not billed, but the other reader counts it. */
  isApiError: boolean;
}
