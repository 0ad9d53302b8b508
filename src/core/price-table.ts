import { type Rational, parsePrice } from './money.ts';

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
  source: string;
  /** The day the source was read, YYYY-MM-DD. */
  sourceDate: string;
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
  /** Oldest first. */
  rows: () => readonly PriceRow[];
}

/** What stands in for a model without a price: a family's newest row, zero, or nothing. */
export type PriceFallback = 'opus' | 'sonnet' | 'zero' | 'none';

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
  /** By canonical name. */
  models: ReadonlyMap<string, ModelPrices>;
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
 * Five prices from decimals in USD per million tokens, in the order input, output, 5-minute write,
 * 1-hour write, cache read. Null where one is missing or malformed.
 */
export function ratesOf(usdPerMillion: readonly (string | number)[]): Rates | null {
  const [input, output, cacheWrite5m, cacheWrite1h, cacheRead] = usdPerMillion.map(parsePrice);
  if (input == null || output == null || cacheRead == null) return null;
  if (cacheWrite5m == null || cacheWrite1h == null) return null;
  return { input, output, cacheWrite5m, cacheWrite1h, cacheRead };
}

function release(entry: ModelPrices): number {
  return entry.releasedMs ?? Number.MIN_SAFE_INTEGER;
}
