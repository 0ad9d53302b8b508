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

/** What one model cost during one period. */
export interface PriceRow extends Rates {
  /** Stable: cost records name it. */
  id: string;
  /** Canonical name. */
  model: string;
  /** `opus`, `sonnet` ...; null where a model has no siblings to be priced by. */
  family: string | null;
  /** From then on, inclusive; null: always. For a model's first row the day of its release. */
  fromMs: number | null;
  /** Until then, exclusive; null: still in force. */
  toMs: number | null;
  /** What fast mode multiplies the rates by; null where the model has no fast mode. */
  fastMultiplier: Rational | null;
  /** Rates of a whole pass whose prompt has strictly more tokens than this. */
  longPrompt: (Rates & { abovePromptTokens: number }) | null;
  /** Who lists the price; not set: Anthropic. */
  provider?: string;
  /** The hours of the day in which these rates replace those of the row before; not set: all. */
  hours?: DailyHours;
  source: string;
  /** The day the source was read, YYYY-MM-DD. */
  sourceDate: string;
}

/** Parts of a day, UTC. */
export interface DailyHours {
  /** Minutes after midnight: from, inclusive; to, exclusive. */
  windows: readonly (readonly [number, number])[];
  /** Not on Saturdays and Sundays. */
  weekdaysOnly: boolean;
}

/** Names that the table's rows do not have. */
export interface ModelAliases {
  /** Another spelling (canonical form) → the canonical name that is priced. */
  spellings: ReadonlyMap<string, string>;
  /** A bare name that the vendor stopped serving → whose newest model answers from then on. */
  retired: ReadonlyMap<string, { fromMs: number; family: string }>;
}

/** One model's prices. The rows are made when first asked for: a hook prices one or two models. */
export interface ModelPrices {
  model: string;
  family: string | null;
  /** Null: before all others of the family. */
  releasedMs: number | null;
  /** Who lists the price; not set: Anthropic. */
  provider?: string;
  /** Oldest first; rows for some hours of the day after the row of the same period. */
  rows: () => readonly PriceRow[];
}

/** Models of the providers other than Anthropic: read when the first of them is asked for. */
export interface OtherModels {
  /** By a name that the table has, of one provider or, for null, of the first that has it. */
  find: (name: string, provider: string | null) => ModelPrices | null;
  all: () => readonly ModelPrices[];
}

/** What the user's settings say beside the rows. */
export interface PricePolicy {
  fallback: PriceFallback;
  /** Providers whose requests cost nothing. */
  freeTier: ReadonlySet<string>;
}

/** Prices prepared for lookup. Build it once; lookups only read it. */
export interface PriceTable extends ModelAliases {
  /** Absent: the fallback is Opus, and nothing is free. */
  policy?: PricePolicy;
  /** By canonical name: Anthropic's, and others where an override names one. */
  models: ReadonlyMap<string, ModelPrices>;
  /** Looked at where `models` has no answer. */
  others?: OtherModels;
  /** By family, in order of release. */
  families: ReadonlyMap<string, readonly ModelPrices[]>;
}

const NO_ALIASES: ModelAliases = { spellings: new Map(), retired: new Map() };

/** Of two entries for one model the later counts; of models released at once it is the newer. */
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
 * The row of a moment. A request older than a model's first row (or at no time at all) still has
 * a price.
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
  // 1970-01-01 was a Thursday: days 2 and 3 of a week counted from it are the weekend.
  const weekday = ((day % 7) + 7) % 7;
  if (hours.weekdaysOnly && (weekday === 2 || weekday === 3)) return false;
  const minute = (atMs - day * DAY_MS) / 60_000;
  return hours.windows.some(([from, to]) => from <= minute && minute < to);
}

/**
 * Five prices from decimals in USD per million tokens, in the order input, output, 5-minute write,
 * 1-hour write, cache read. Null where one is missing or malformed.
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
