/** The prices of a model according to a source, before they become a line of the table. */

/** USD per million tokens: input, output, cache read, cache write. Null: not in the source. */
export type Usd4 = readonly [number, number, number | null, number | null];

export interface ListedPeriod {
  /** First day (or moment), ISO, UTC; empty: always. */
  from: string;
  usd: Usd4;
  /** Rates of a whole request whose prompt has more tokens than `above`. */
  long: { above: number; usd: Usd4 } | null;
  /** `0100-0400,0600-1000`, UTC, with a `w` at the end for weekdays only; empty: all day. */
  hours: string;
  source: string;
  /** The date the source was published, YYYY-MM-DD. */
  sourceDate: string;
}

export interface Listing {
  provider: string;
  model: string;
  /** Other names for the same model at the same price. */
  names: readonly string[];
  /** Oldest first; hours of the day follow the period they belong to. */
  periods: readonly ListedPeriod[];
}

/**
 * One version of a source. `current` lists the prices of its day without history: a price that differs from
 * the table opens a period on that day.
 */
export interface Snapshot {
  source: string;
  date: string;
  kind: 'dated' | 'current';
  listings: readonly Listing[];
}
