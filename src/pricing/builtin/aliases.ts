interface RetiredName {
  /** The name in the vendor's own API, without a cloud's prefix or a router's path. */
  name: string;
  /** The day (UTC) from which the vendor's API no longer served it. */
  from: string;
  /** The family whose newest model Claude Code requests instead. */
  family: string;
}

/**
 * Claude Code requests the current Opus if the user names Opus 4 or 4.1 on the vendor's own API (not on
 * Bedrock or Vertex, which still serve them). Measured with 2.1.330 for `claude-opus-4-0`; the list of four
 * names is Claude Code's own.
 *
 * Requests before the day the API stopped serving a model keep its price, because until then the model
 * named in a transcript is the one that was billed. Days from the vendor's page "Model deprecations".
 */
export const RETIRED_NAMES: readonly RetiredName[] = [
  { name: 'claude-opus-4-0', from: '2026-06-15', family: 'opus' }, // measured
  { name: 'claude-opus-4-20250514', from: '2026-06-15', family: 'opus' }, // Claude Code's list
  { name: 'claude-opus-4-1', from: '2026-08-05', family: 'opus' }, // Claude Code's list
  { name: 'claude-opus-4-1-20250805', from: '2026-08-05', family: 'opus' }, // Claude Code's list
];
