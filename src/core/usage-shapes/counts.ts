import type { JsonObject } from '../lang/json.ts';
import { asTokenCount } from '../usage/token-count.ts';
import type { Usage } from '../usage/usage.ts';

/** Counts as a provider reports them, before they are made disjoint. */
export interface ReportedCounts {
  input: number;
  output: number;
  cacheRead?: number;
  cacheWrite?: number;
  /** The part of `cacheWrite` that is stored for an hour or longer. */
  longCacheWrite?: number;
  reasoning?: number;
  /** Zero if the provider reports none. */
  total?: number;
}

/** What a shape's counts include; a total or an impossible sum may show otherwise. */
export interface Conventions {
  isCacheInInput: boolean;
  isReasoningInOutput: boolean;
}

/** The largest of the named counts, which are alternative names of one; zero if none is a count. */
export function most(object: JsonObject | null, ...names: string[]): number {
  return Math.max(0, ...names.map((name) => asTokenCount(object?.[name]) ?? 0));
}

export function hasCount(object: JsonObject, ...names: string[]): boolean {
  return names.some((name) => asTokenCount(object[name]) !== null);
}

/** The sum, capped at the largest safe integer. */
export function sumCounts(...counts: number[]): number {
  return Math.min(
    counts.reduce((sum, count) => sum + count, 0),
    Number.MAX_SAFE_INTEGER,
  );
}

/**
 * Four disjoint kinds of input, and an output that includes reasoning. `isSuspicious`: the counts
 * contradict each other or their shape.
 */
export function disjoint(
  counts: ReportedCounts,
  conventions: Conventions,
): { usage: Usage; isSuspicious: boolean } {
  const { input, output, cacheRead = 0, cacheWrite = 0, longCacheWrite = 0 } = counts;
  const { reasoning = 0, total = 0 } = counts;
  const cached = sumCounts(cacheRead, cacheWrite);
  // More was read than there was input: this writer counts the cache separately, whatever the shape.
  const isCacheInInput = conventions.isCacheInInput && cacheRead <= input;
  const expected = sumCounts(isCacheInInput ? input : sumCounts(input, cached), output);
  // The total takes precedence. Without a conclusive one, a part larger than the whole is not part of it.
  const isInside =
    total === expected ||
    (total !== sumCounts(expected, reasoning) &&
      conventions.isReasoningInOutput &&
      reasoning <= output);
  const cacheWrite1hTokens = Math.min(longCacheWrite, cacheWrite);
  return {
    usage: {
      inputTokens: isCacheInInput ? Math.max(0, input - cached) : input,
      outputTokens: isInside ? Math.max(output, reasoning) : sumCounts(output, reasoning),
      cacheReadTokens: cacheRead,
      cacheWrite5mTokens: cacheWrite - cacheWrite1hTokens,
      cacheWrite1hTokens,
      webSearchRequests: 0,
    },
    isSuspicious:
      (conventions.isCacheInInput && cached > input) || (isInside && reasoning > output),
  };
}
