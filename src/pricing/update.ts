import { canonicalModel } from '../core/model/model-name.ts';
import { parsePrice } from '../core/money/money.ts';
import { knownModel } from './overrides/merge.ts';
import type { ModelPrices, PriceRow, PriceTable, Rates } from './price-table.ts';
import { RESELLERS } from '../core/model/provider-names.ts';
import { listedName } from './sources/listing.ts';
import type { ListedPrice } from './sources/pi-ai/package.ts';

/** One period of a model in the updated table; keys as in a user's price file. */
export interface UpdatedPeriod {
  from: string;
  input: number;
  output: number;
  cacheRead: number;
  cacheWrite5m: number;
  cacheWrite1h: number;
  long?: { above: number } & Omit<
    UpdatedPeriod,
    'from' | 'long' | 'provider' | 'source' | 'sourceDate'
  >;
  provider?: string;
  source: string;
  sourceDate: string;
}

export type UpdatedModels = Record<string, UpdatedPeriod[]>;

export interface PriceComparison {
  /** Number of models that were compared. */
  checked: number;
  /** Additions to the updated table; a known model's earlier periods stay. */
  changed: UpdatedModels;
  /** Invalid prices; any of them makes the whole table be refused. */
  problems: string[];
  /** Known prices that would change more than tenfold. */
  moved: string[];
}

/** A larger change of a known price suggests a misplaced decimal point. */
const MAX_FACTOR = 10;

/** Compares listed prices with a table, and finds what is new. Pure. */
export function comparePrices(
  listed: readonly ListedPrice[],
  table: PriceTable,
  origin: { source: string; date: string },
): PriceComparison {
  const comparison: PriceComparison = { checked: 0, changed: {}, problems: [], moved: [] };
  // A map, because a source may call a model anything, even "constructor".
  const changed = new Map<string, UpdatedPeriod[]>();
  const atMs = Date.parse(origin.date);
  for (const price of listed) {
    comparison.checked++;
    const listedRates = readRates(price.model, price.usd, comparison.problems);
    const longUsd = price.long?.usd;
    const long =
      longUsd === undefined
        ? null
        : readRates(`${price.model} (long prompt)`, longUsd, comparison.problems);
    if (listedRates === null || (longUsd !== undefined && long === null)) continue;
    const { model, entry } = formatSubject(price, table);
    const rows = entry?.rows() ?? [];
    // A name listed in another model's line is compared there; a free preview has no price yet.
    const isAlias = entry !== undefined && entry.model !== model;
    if (isAlias || (entry === undefined && listedRates.input === 0 && listedRates.output === 0))
      continue;
    const inForce = rows.filter((row) => isInForce(row, atMs));
    const existing = inForce.findLast((row) => row.hours === undefined) ?? rows[0];
    if (existing !== undefined) {
      if (existing.sourceDate > origin.date) continue;
      if (
        inForce.some((row) => isSame(listedRates, row) && (long === null || isSameLong(long, row)))
      ) {
        continue;
      }
      const moves = listPriceChanges(price.model, listedRates, existing);
      // A reseller that repeats the vendor's prices may list other cache prices or tiers; these are not news.
      const isSold = listedRates.input === existing.input && listedRates.output === existing.output;
      if (isSold && RESELLERS.includes(price.provider ?? '')) continue;
      // At a reseller such a price is a flaw of the source, as in the built-in table.
      if (moves.length > 0 && RESELLERS.includes(price.provider ?? '')) continue;
      comparison.moved.push(...moves);
    }
    changed.set(model, [
      ...(changed.get(model) ?? []).filter(
        ({ provider }) => provider !== (price.provider ?? undefined),
      ),
      {
        from: origin.date,
        ...complete(model, listedRates, existing),
        ...toLongRates(model, price, long),
        ...(price.provider === null ? {} : { provider: price.provider }),
        source: origin.source,
        sourceDate: origin.date,
      },
    ]);
  }
  return { ...comparison, changed: Object.fromEntries(changed) };
}

/** The table's name for a listed model: models of other providers are listed by their names as sent. */
function formatSubject(
  { model: listed, provider }: ListedPrice,
  table: PriceTable,
): { model: string; entry: ModelPrices | undefined } {
  const sent = listed.toLowerCase();
  for (const name of [sent, sent.slice(sent.lastIndexOf('/') + 1)]) {
    const entry = knownModel(table, name, provider);
    if (entry !== undefined) return { model: name, entry };
  }
  const model = canonicalModel(listed);
  const entry = knownModel(table, model, provider);
  if (entry !== undefined || provider === null || !RESELLERS.includes(provider)) {
    return { model, entry };
  }
  // The table leaves out a reseller's price that repeats the vendor's.
  const name = listedName(provider, listed);
  return { model: name, entry: knownModel(table, name) };
}

function isInForce({ fromMs, toMs }: PriceRow, atMs: number): boolean {
  return (fromMs === null || fromMs <= atMs) && (toMs === null || toMs > atMs);
}

const NAMES = ['input', 'output', 'cacheRead', 'cacheWrite'] as const;
type Listed = Record<(typeof NAMES)[number], number> & { cacheWrite1h?: number };

/** In a price's own unit; null for an invalid one, with a problem for each. */
function readRates(model: string, usd: Record<string, unknown>, problems: string[]): Listed | null {
  const rates: Partial<Listed> = {};
  for (const name of NAMES) {
    const value = usd[name];
    const isNumber = typeof value === 'number';
    const price = isNumber ? parsePrice(value) : null;
    if (price !== null) rates[name] = price;
    else if (value === undefined || value === null) problems.push(`${model}: ${name} is missing`);
    else if (isNumber && value < 0) problems.push(`${model}: ${name} is negative (${value})`);
    else if (isNumber && !Number.isFinite(value)) {
      problems.push(`${model}: ${name} is not finite (${value})`);
    } else problems.push(`${model}: ${name} is not a price (${JSON.stringify(value)})`);
  }
  // Few sources list it, so one that does is trusted.
  const hour = usd['cacheWrite1h'];
  const write1h = typeof hour === 'number' ? parsePrice(hour) : null;
  if (hour !== undefined && write1h === null)
    problems.push(`${model}: cacheWrite1h is not a price (${String(hour)})`);
  if (write1h !== null) rates.cacheWrite1h = write1h;
  return NAMES.every((name) => rates[name] !== undefined) ? (rates as Listed) : null;
}

/** The source writes zero if it lists no price for cached tokens. */
function isSame(listedRates: Listed, existing: Rates): boolean {
  return (
    listedRates.input === existing.input &&
    listedRates.output === existing.output &&
    (listedRates.cacheRead === 0 || listedRates.cacheRead === existing.cacheRead) &&
    (listedRates.cacheWrite === 0 || listedRates.cacheWrite === existing.cacheWrite5m)
  );
}

function isSameLong(long: Listed, existing: PriceRow): boolean {
  return existing.longPrompt !== null && isSame(long, existing.longPrompt);
}

function listPriceChanges(model: string, listedRates: Listed, existing: Rates): string[] {
  const pairs = [
    ['input', listedRates.input, existing.input],
    ['output', listedRates.output, existing.output],
    ['cacheRead', listedRates.cacheRead || existing.cacheRead, existing.cacheRead],
    ['cacheWrite', listedRates.cacheWrite || existing.cacheWrite5m, existing.cacheWrite5m],
  ] as const;
  return pairs
    .filter(([, after, before]) => after > before * MAX_FACTOR || after * MAX_FACTOR < before)
    .map(([name, after, before]) => `${model}: ${name} from ${before / 1e9} to ${after / 1e9}`);
}

type Five = Omit<UpdatedPeriod, 'from' | 'long' | 'provider' | 'source' | 'sourceDate'>;

/** Five prices from the four that the source lists. */
function complete(model: string, listedRates: Listed, existing: Rates | undefined): Five {
  const isClaude = model.startsWith('claude-');
  const write5m =
    listedRates.cacheWrite || (isClaude ? existing?.cacheWrite5m : undefined) || listedRates.input;
  // Claude's 1-hour writes cost twice the input price in every row of the vendor's list.
  const write1h = listedRates.cacheWrite1h || (isClaude ? 2 * listedRates.input : write5m);
  return {
    input: listedRates.input / 1e9,
    output: listedRates.output / 1e9,
    cacheRead: (listedRates.cacheRead || (existing?.cacheRead ?? listedRates.input)) / 1e9,
    cacheWrite5m: write5m / 1e9,
    cacheWrite1h: write1h / 1e9,
  };
}

function toLongRates(
  model: string,
  price: ListedPrice,
  long: Listed | null,
): Pick<UpdatedPeriod, 'long'> {
  const above = price.long?.above;
  if (long === null || typeof above !== 'number' || !Number.isSafeInteger(above)) return {};
  return { long: { above, ...complete(model, long, undefined) } };
}

/** Periods are only ever added: earlier prices of a model stay. */
export function mergeUpdates(existing: UpdatedModels, changed: UpdatedModels): UpdatedModels {
  const merged = new Map(Object.entries(existing));
  for (const [model, periods] of Object.entries(changed)) {
    const isReplaced = (old: UpdatedPeriod): boolean =>
      periods.some(({ from, provider }) => from === old.from && provider === old.provider);
    const remaining = (merged.get(model) ?? []).filter((old) => !isReplaced(old));
    merged.set(model, [...remaining, ...periods]);
  }
  return Object.fromEntries(merged);
}
