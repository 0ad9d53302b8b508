import { withoutBedrock } from '../../core/model/provider-names.ts';

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

/**
 * Flaw: models for pictures, sound and video bill kinds of tokens that a usage does not distinguish, and
 * their text rates would be a guess that looks exact. Rule: left out, so they are unknown.
 */
const MEDIA =
  /(?:^|-)(?:image|audio|realtime|tts|transcribe|live|omni|whisper|voice|ocr|moderation)(?:-|$)/;

/** Whether the name can be in the table. `:free` is a rule of the lookup, not a model. */
export function isTextModel(name: string): boolean {
  return /^[a-z\d][\w.:-]*$/.test(name) && !MEDIA.test(name) && !name.endsWith(':free');
}

/** The name under which the table lists a provider's model: in lower case, without a path or packaging. */
export function listedName(provider: string, id: string): string {
  const name = id.slice(id.lastIndexOf('/') + 1).toLowerCase();
  return provider === 'bedrock' ? withoutBedrock(name) : name;
}

export function firstOfEach(listings: readonly Listing[]): Listing[] {
  const first = new Map<string, Listing>();
  for (const listing of listings) {
    const key = `${listing.provider}/${listing.model}`;
    if (!first.has(key)) first.set(key, listing);
  }
  return [...first.values()];
}
