import { DAY_MS } from '../core/time/units.ts';
import { type Rational, parsePrice } from '../core/money/money.ts';
import type { PriceFallback } from '../core/settings/price-rules.ts';

/** Five prices, each in femto-USD per token (see money.ts). */
export interface Rates {
  input: number;
  output: number;
  cacheWrite5m: number;
  cacheWrite1h: number;
  cacheRead: number;
}

/** The price of one model during one period. */
export interface PriceRow extends Rates {
  /** Stable, because cost records refer to it. */
  id: string;
  /** Canonical name. */
  model: string;
  /** `opus`, `sonnet` ...; null if a model has no siblings to be priced by. */
  family: string | null;
  /** Start, inclusive; null: always. For a model's first row the day of its release. */
  fromMs: number | null;
  /** End, exclusive; null: still in force. */
  toMs: number | null;
  /** Factor for the rates in fast mode; null if the model has no fast mode. */
  fastMultiplier: Rational | null;
  /** Rates of a whole pass whose prompt has strictly more tokens than this. */
  longPrompt: (Rates & { abovePromptTokens: number }) | null;
  /** The provider that lists the price; if absent: Anthropic. */
  provider?: string;
  /** Hours of the day in which these rates replace those of the previous row; if absent: all. */
  hours?: DailyHours;
  source: string;
  /** The date when the source was read, YYYY-MM-DD. */
  sourceDate: string;
}

/** Parts of a day, UTC. */
export interface DailyHours {
  /** Minutes after midnight: start inclusive, end exclusive. */
  windows: readonly (readonly [number, number])[];
  /** Except on Saturdays and Sundays. */
  weekdaysOnly: boolean;
}

/** Names that the table's rows do not have. */
export interface ModelAliases {
  /** A bare name that the vendor no longer serves → the family whose newest model answers from then on. */
  retired: ReadonlyMap<string, { fromMs: number; family: string }>;
}

/** One model's prices. Rows are created on demand, because a hook prices only one or two models. */
export interface ModelPrices {
  model: string;
  family: string | null;
  /** Null: before all others of the family. */
  releasedMs: number | null;
  /** The provider that lists the price; if absent: Anthropic. */
  provider?: string;
  /** Oldest first; rows for some hours of the day follow the row of the same period. */
  rows: () => readonly PriceRow[];
}

/** Models of providers other than Anthropic, read when the first of them is needed. */
export interface OtherModels {
  /** The model listed under this name by one provider or, for null, by the first that has it. */
  find: (name: string, provider: string | null) => ModelPrices | null;
  all: () => readonly ModelPrices[];
}

/** The user's settings that apply in addition to the rows. */
export interface PricePolicy {
  fallback: PriceFallback;
  /** Providers whose requests cost nothing. */
  freeTier: ReadonlySet<string>;
}

/** Prices prepared for lookup. Build once; lookups only read. */
export interface PriceTable extends ModelAliases {
  /** If absent, the fallback is Opus and no provider is free. */
  policy?: PricePolicy;
  /** By canonical name: Anthropic's, and others if an override names them. */
  models: ReadonlyMap<string, ModelPrices>;
  /** Used if `models` has no match. */
  others?: OtherModels;
  /** By family, in order of release. */
  families: ReadonlyMap<string, readonly ModelPrices[]>;
}

const NO_ALIASES: ModelAliases = { retired: new Map() };

/** Of two entries for one model the later one wins; of models released on the same day it is the newer. */
export function preparePrices(
  entries: Iterable<ModelPrices>,
  aliases: ModelAliases = NO_ALIASES,
): PriceTable {
  const models = new Map<string, ModelPrices>();
  for (const entry of entries) models.set(entry.model, entry);
  const families = new Map<string, ModelPrices[]>();
  for (const entry of models.values()) {
    if (entry.family === null) continue;
    const members = families.get(entry.family);
    if (members === undefined) families.set(entry.family, [entry]);
    else members.push(entry);
  }
  for (const members of families.values()) members.sort((a, b) => release(a) - release(b));
  return { models, families, ...aliases };
}

/**
 * The row in force at a time. A request older than a model's first row (or without a time) is priced by the
 * first row.
 */
export function rowAt(rows: readonly PriceRow[], atMs: number): PriceRow | null {
  return (
    rows.findLast((row) => !isAfter(row.fromMs, atMs) && isWithin(row.hours, atMs)) ??
    rows[0] ??
    null
  );
}

/** Whether something that began at `startMs` (null: always) had not begun by then. */
export function isAfter(startMs: number | null, atMs: number): boolean {
  return startMs !== null && startMs > atMs;
}

function isWithin(hours: DailyHours | undefined, atMs: number): boolean {
  if (hours === undefined) return true;
  const day = Math.floor(atMs / DAY_MS);
  // 1970-01-01 was a Thursday, so days 2 and 3 of a week counted from it are the weekend.
  const weekday = ((day % 7) + 7) % 7;
  if (hours.weekdaysOnly && (weekday === 2 || weekday === 3)) return false;
  const minute = (atMs - day * DAY_MS) / 60_000;
  return hours.windows.some(([from, to]) => from <= minute && minute < to);
}

/**
 * Five prices from decimals in USD per million tokens, in the order input, output, 5-minute write, 1-hour
 * write, cache read. Null if one is missing or malformed.
 */
export function parseRates(usdPerMillion: readonly (string | number)[]): Rates | null {
  const [input, output, cacheWrite5m, cacheWrite1h, cacheRead] = usdPerMillion.map(parsePrice);
  if (input == null || output == null || cacheRead == null) return null;
  if (cacheWrite5m == null || cacheWrite1h == null) return null;
  return { input, output, cacheWrite5m, cacheWrite1h, cacheRead };
}

function release(entry: ModelPrices): number {
  return entry.releasedMs ?? Number.MIN_SAFE_INTEGER;
}
