/** What a running client reports to its status line; null for what it does not report. */
export interface ClientStatus {
  sessionId: string | null;
  clientVersion: string | null;
  modelId: string | null;
  /** The model's display name in the client. */
  modelName: string | null;
  cwd: string | null;
  /**
   * The session's cost so far as counted by the client, including titles, compaction and subagents; in
   * later versions also including the cost before it was resumed or forked.
   */
  costNanoUsd: number | null;
  /** Time since the client started, idle or not. */
  durationMs: number | null;
  /** Time spent waiting for the API: it grows only with requests. */
  apiDurationMs: number | null;
  linesAdded: number | null;
  linesRemoved: number | null;
  contextUsedPercent: number | null;
  /** Only for subscribers; null for users who pay per token. */
  limits: RateLimits | null;
}

/** How much of a subscription is used up, by the client's time windows. */
export interface RateLimits {
  fiveHour: RateLimit | null;
  sevenDay: RateLimit | null;
}

export interface RateLimit {
  usedPercent: number;
  resetsAtMs: number | null;
}
