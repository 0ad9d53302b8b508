import type { Usage } from './usage/usage.ts';

/** A transcript line with token counts, as we read it and as another reader (ccusage) does. */
export interface ReaderLine {
  /** The record that it tells of, as `core/identity.ts` names it. */
  recordId: string;
  messageId: string | null;
  /** A subagent's line, which may repeat its main thread's. */
  isAgentThread: boolean;
  /** Null where the line has no usable timestamp. */
  atMs: number | null;
  model: string;
  speed: string | null;
  /** As we read it. */
  usage: Usage;
  /** As the other one reads it; web searches are none of its counts. */
  theirUsage: Usage;
  /** The line's own `costUSD`, which the other one takes for the cost. */
  chargedNanoUsd: number | null;
  /** Why the other one passes over the line; null: it counts. */
  passedOver: string | null;
  /** An answer that was an error, with counts: nothing was billed, and the other one counts it. */
  isApiError: boolean;
}
