/**
 * Token counts of one billed request. The four input kinds are disjoint, as Anthropic counts
 * them: `inputTokens` is what was neither read from nor written to a cache. `outputTokens`
 * includes reasoning.
 */
export interface Usage {
  inputTokens: number;
  outputTokens: number;
  cacheReadTokens: number;
  cacheWrite5mTokens: number;
  cacheWrite1hTokens: number;
  webSearchRequests: number;
}

export const NO_USAGE: Usage = {
  inputTokens: 0,
  outputTokens: 0,
  cacheReadTokens: 0,
  cacheWrite5mTokens: 0,
  cacheWrite1hTokens: 0,
  webSearchRequests: 0,
};

/** What changes the price of a request besides its counts. Values are as the vendor sent them. */
export interface UsageModifiers {
  serviceTier: string | null;
  speed: string | null;
  inferenceGeo: string | null;
}

/**
 * Usage of one pass of a request that the server split in several (`usage.iterations[]`).
 * Long-prompt tiers apply to each pass by itself.
 */
export type Iteration = Omit<Usage, 'webSearchRequests'>;

/** A request of its own that is billed beside the message that carries it. */
export interface SideRequest {
  kind: 'advisor' | 'compaction';
  /** Its place in `usage.iterations[]`, from 0: part of its identity. */
  index: number;
  /** Null where it is billed at the message's own model. */
  model: string | null;
  usage: Usage;
}

/** One usage object, read. */
export interface ParsedUsage {
  usage: Usage;
  modifiers: UsageModifiers;
  /** Passes whose sums equal `usage`; empty where there is one pass or where they do not add up. */
  iterations: Iteration[];
  sideRequests: SideRequest[];
  /** First attempt under another model, whose billing is unknown: kept, not priced. */
  refusedAttempt: { model: string; usage: Usage } | null;
}

/** What is to be known of counts besides themselves. */
export interface UsageMarks {
  /** Who billed the request, as far as the shape of its usage tells. */
  providerHint: string | null;
  /** The tokens were estimated from the text: the provider gave none. */
  isEstimated: boolean;
  /** The counts contradict each other: read for the least that they can mean. */
  isSuspicious: boolean;
}

/** Usage in any provider's shape, read. */
export interface BilledUsage extends ParsedUsage, UsageMarks {
  /** The provider's own figure; null where it gives none. */
  chargedNanoUsd: number | null;
}
