/** Why ccusage and the ledger differ, and how that is said. */
export const COMPARE_CAUSES = {
  gone: 'requests whose transcript is gone',
  'told-before': 'counts that no line tells any more',
  'passed-over': 'lines that it passes over',
  searches: 'web searches that it leaves out',
  batch: 'batch requests at full price',
  region: 'the US region without its tenth more',
  'long-prompt': 'a price above 200k tokens that no longer applies',
  'own-cost': "the line's own costUSD taken for the cost",
  unpriced: 'a model that it has no price for',
  'cache-breakdown': 'cache writes by their breakdown, whatever their total',
  'one-line': 'of the lines of one request the largest alone',
  'another-day': 'requests booked on the day of a later line',
  compaction: "a compaction's own pass left out",
  'api-error': 'errors counted as answers',
  repeated: 'repeated lines without an id counted again',
  'another-file': 'a file that is no transcript',
  unfinished: 'a last line that is not complete yet',
  'not-recorded': 'lines that the ledger has not read',
  recorded: 'recorded at another price than is known now',
  prices: 'the same tokens at other prices',
} as const;

export type CompareCause = keyof typeof COMPARE_CAUSES;
