/** Causes of differences between ccusage and the ledger, with their texts. */
export const COMPARE_CAUSES = {
  gone: 'requests whose transcript no longer exists',
  'told-before': 'counts that no transcript line shows any more',
  'passed-over': 'lines that ccusage skips',
  searches: 'web searches, which ccusage leaves out',
  batch: 'batch requests counted at full price',
  region: 'the US region without its 10% surcharge',
  'long-prompt': 'a price above 200k tokens that no longer applies',
  'own-cost': "the line's own costUSD used as the cost",
  unpriced: 'a model that ccusage has no price for',
  'cache-breakdown': 'cache writes counted by their breakdown, whatever their total',
  'one-line': 'only the largest line of a request counted',
  'another-day': 'requests booked on the day of a later line',
  compaction: "a compaction's own pass left out",
  'api-error': 'errors counted as responses',
  repeated: 'repeated lines without an id counted again',
  'another-file': 'a file that is not a transcript',
  unfinished: 'a last line that is not complete yet',
  'not-recorded': 'lines that are not in the ledger',
  recorded: 'recorded at a price that has changed since',
  prices: 'the same tokens at different prices',
} as const;

export type CompareCause = keyof typeof COMPARE_CAUSES;
