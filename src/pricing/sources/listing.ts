/** What a source says of a model's prices, before it becomes a line of the table. */

/** USD per million tokens: input, output, cache read, cache write. Null: the source has none. */
export type Usd4 = readonly [number, number, number | null, number | null];

export interface ListedPeriod {
  /** First day (or moment), ISO, UTC; empty: always. */
  from: string;
  usd: Usd4;
  /** Rates of a whole request whose prompt has more tokens than `above`. */
  long: { above: number; usd: Usd4 } | null;
  /** `0100-0400,0600-1000`, UTC, with a `w` behind it for weekdays only; empty: all day. */
  hours: string;
  source: string;
  /** The day the source was published, YYYY-MM-DD. */
  sourceDate: string;
}

export interface Listing {
  provider: string;
  model: string;
  /** Others for the same model at the same price. */
  names: readonly string[];
  /** Oldest first; hours of the day after the period that they belong to. */
  periods: readonly ListedPeriod[];
}

/**
 * One source at one version. `current` lists what holds on its day and no history: what differs
 * from the table opens a period that day.
 */
export interface Snapshot {
  source: string;
  date: string;
  kind: 'dated' | 'current';
  listings: readonly Listing[];
}
