/** What a client says of itself while it runs, for its status line; null where it says nothing. */
export interface ClientStatus {
  sessionId: string | null;
  clientVersion: string | null;
  modelId: string | null;
  /** The model as the client shows it to people. */
  modelName: string | null;
  cwd: string | null;
  /**
   * What the session cost so far by the client's own count: with titles, compaction and subagents,
   * and, by later clients, with what it cost before it was resumed or forked.
   */
  costNanoUsd: number | null;
  /** Since the client started, idle or not. */
  durationMs: number | null;
  /** Spent waiting for the API: moves with requests alone. */
  apiDurationMs: number | null;
  linesAdded: number | null;
  linesRemoved: number | null;
  contextUsedPercent: number | null;
  /** Of subscribers alone: who pays by the token has none. */
  limits: RateLimits | null;
}

/** How much of a subscription is used up, by the client's windows of time. */
export interface RateLimits {
  fiveHour: RateLimit | null;
  sevenDay: RateLimit | null;
}

export interface RateLimit {
  usedPercent: number;
  resetsAtMs: number | null;
}
