/**
 * Token counts of one billed request. The four input kinds are disjoint, as Anthropic counts them:
 * `inputTokens` were neither read from nor written to a cache. `outputTokens` includes reasoning.
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

/**
 * Whether it is unknown what a response used: a count can't be read, or it has ended and everything is zero, as
 * gateways write that did not receive the counts.
 */
export function isUnreadable(
  { usage, isMalformed }: Pick<ParsedUsage, 'usage' | 'isMalformed'>,
  hasEnded: boolean,
): boolean {
  return isMalformed || (hasEnded && COUNTS.every((name) => usage[name] === 0));
}

const COUNTS = Object.keys(NO_USAGE) as (keyof Usage)[];

/** What changes the price of a request besides its counts. Values are as the vendor reported them. */
export interface UsageModifiers {
  serviceTier: string | null;
  speed: string | null;
  inferenceGeo: string | null;
}

/**
 * Usage of one pass of a request that the server split into several (`usage.iterations[]`). Long-prompt
 * tiers apply to each pass separately.
 */
export type Iteration = Omit<Usage, 'webSearchRequests'>;

/** A request of its own that is billed in addition to the message that carries it. */
export interface SideRequest {
  kind: 'advisor' | 'compaction';
  /** Its index in `usage.iterations[]`, from 0: part of its identity. */
  index: number;
  /** Null if it is billed at the message's own model. */
  model: string | null;
  usage: Usage;
  /** Some of its counts can't be read. */
  isMalformed: boolean;
}

/** A parsed usage object. */
export interface ParsedUsage {
  usage: Usage;
  modifiers: UsageModifiers;
  /** Passes whose sums equal `usage`; empty if there is one pass or if they do not add up. */
  iterations: Iteration[];
  sideRequests: SideRequest[];
  /** First attempt by another model, whose billing is unknown: stored but not priced. */
  refusedAttempt: { model: string; usage: Usage } | null;
  /** Some counts can't be read, and are zero in `usage`. */
  isMalformed: boolean;
}

/** Facts about counts besides the counts themselves. */
export interface UsageMarks {
  /** Who billed the request, as far as the shape of its usage shows. */
  providerHint: string | null;
  /** The tokens were estimated from the text because the provider reported none. */
  isEstimated: boolean;
  /** The counts contradict each other, and were read as the least they can mean. */
  isSuspicious: boolean;
  /** It is unknown what the response used (`isUnreadable`). Absent: it is known. */
  isMalformed?: boolean;
  /** The increase of a counter, which may be several requests. Absent: one request. */
  isCounter?: boolean;
}

/** The marks, or null if there is none; those that are usually absent only if they are set. */
export function marksOrNull(marks: UsageMarks): UsageMarks | null {
  const { providerHint, isEstimated, isSuspicious, isMalformed = false, isCounter = false } = marks;
  const isMarked = isEstimated || isSuspicious || isMalformed || isCounter;
  if (providerHint === null && !isMarked) return null;
  return {
    providerHint,
    isEstimated,
    isSuspicious,
    ...(isMalformed && { isMalformed }),
    ...(isCounter && { isCounter }),
  };
}

/** Usage in any provider's shape, parsed. */
export interface BilledUsage extends ParsedUsage, UsageMarks {
  isMalformed: boolean;
  /** The provider's own figure; null if it reports none. */
  chargedNanoUsd: number | null;
}
