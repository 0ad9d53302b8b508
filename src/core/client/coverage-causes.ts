/**
 * Causes of a difference between a client's total and the ledger: requests that no transcript shows,
 * records that report less than the client, the same tokens at another price, or what one of the two has
 * not reported yet.
 */
export const COVERAGE_CAUSES = [
  'compaction',
  'title',
  'web-search',
  'web-fetch',
  'prompt-hook',
  'other-request',
  'no-transcript',
  'pending',
  'recorded-elsewhere',
  'incomplete-output',
  'unmetered',
  'token-difference',
  'batch',
  'region',
  'price-difference',
  'rounding',
  'not-reported',
  'client-counter-reset',
] as const;

export type CauseName = (typeof COVERAGE_CAUSES)[number];
