import { RESELLERS, nameCandidates } from '../../../core/model/provider-names.ts';
import {
  type ListedPeriod,
  type Listing,
  type Snapshot,
  type Usd4,
  isTextModel,
  listedName,
} from '../listing.ts';
import type { ListedFacts } from '../source.ts';

/** Input, output, cache read, cache write; `free` if the library lists a model without prices. */
type Rates = [number | null, number | null, number | null, number | null] | ['free'];
/** A constraint (none, a day, or hours of the day), rates, and those of a long prompt. */
export type GenaiPrice =
  | [string, ['free']]
  | [string, Rates]
  | [string, Rates, [number, ...(number | null)[]]];
/** For one model: provider, id, names, flag, prices. */
export type GenaiFact = [string, string, string[], string, ...GenaiPrice[]];

/** Flaw: OpenRouter's word order in addition to Google's. Rule: one model, under Google's name. */
const RENAMED: ReadonlyMap<string, string> = new Map([
  ['gemini-pro-1.5', 'gemini-1.5-pro'],
  ['gemini-flash-1.5', 'gemini-1.5-flash'],
  ['gemini-flash-1.5-8b', 'gemini-1.5-flash-8b'],
]);

/** Reads the facts of @pydantic/genai-prices: dated prices, retired models. */
export function readGenaiPrices({ version, date, models }: ListedFacts<GenaiFact>): Snapshot {
  const source = `genai-prices ${version}`;
  const listings = new Map<string, Listing>();
  for (const [provider, rawId, rawNames, flag, ...prices] of models) {
    // Flaw: OpenRouter's prices listed under a vendor's name. Rule: they are not the vendor's. But that a
    // model is free (Gemma on the Gemini API) does come from the vendor.
    const isFree = prices[0]?.[1][0] === 'free';
    if (flag === 'router' && provider !== 'openrouter' && !isFree) continue;
    // Flaw: a reseller's model without prices is unknown rather than free.
    if (isFree && RESELLERS.includes(provider)) continue;
    const id = cleanName(provider, rawId);
    // `:free` is a rule of the lookup, not a model.
    if (id === null || !isTextModel(id) || id.includes('.ft')) continue;
    const periods = readPrices(prices, source, date);
    if (periods === null) continue;
    const model = RENAMED.get(id) ?? undatedName(id, rawNames);
    const names = [id, ...rawNames.flatMap((name) => cleanAlias(provider, name) ?? [])];
    const existing = listings.get(`${provider}/${model}`);
    listings.set(`${provider}/${model}`, {
      provider,
      model,
      names: [...new Set([...(existing?.names ?? []), ...names])].filter((name) => name !== model),
      // The other spelling contributes only its cache prices.
      periods: existing === undefined || periods.some(hasCachePrice) ? periods : existing.periods,
    });
  }
  return { source, date, kind: 'dated', listings: [...listings.values()] };
}

function readPrices(
  prices: GenaiPrice[],
  source: string,
  sourceDate: string,
): ListedPeriod[] | null {
  const periods: ListedPeriod[] = [];
  const windows = new Map<string, ListedPeriod>();
  for (const [constraint, rates, tier] of prices) {
    const usd = readRates(rates);
    if (usd === null) return null;
    const long = tier === undefined ? null : readTier(tier);
    const period = { from: '', usd, long, hours: '', source, sourceDate };
    const hours = /^(\d\d):(\d\d)-(\d\d):(\d\d)$/.exec(constraint);
    if (hours === null) {
      periods.push({ ...period, from: constraint });
      continue;
    }
    const window = `${hours[1]}${hours[2]}-${hours[3]}${hours[4]}`;
    const key = JSON.stringify(usd);
    const existing = windows.get(key);
    windows.set(key, { ...period, hours: existing ? `${existing.hours},${window}` : window });
  }
  // Flaw: in that library a price for hours of the day can't have a start day as well, so it would apply to
  // all periods. Rule: it belongs to the last period.
  const from = periods.at(-1)?.from ?? '';
  return [...periods, ...Array.from(windows.values(), (period) => ({ ...period, from }))];
}

/** Flaw: models billed by the hour, page or message. Rule: without a token price, left out. */
function readRates(rates: Rates): Usd4 | null {
  if (rates[0] === 'free') return [0, 0, 0, 0];
  const [input, output, read, write] = rates;
  // Embeddings have no billed output.
  return input === null
    ? null
    : [rounded(input), rounded(output ?? 0), rounded(read), rounded(write)];
}

/**
 * Flaw: "from 272,000 tokens on" is written as above 271,999, next to models whose tier begins above
 * 272,000. The vendors' pages state it like that, and `above` has the same meaning here: unchanged.
 */
function readTier([above, input, output, read, write]: [number, ...(number | null)[]]) {
  if (input == null || output == null) return null;
  const usd = [rounded(input), rounded(output), rounded(read), rounded(write)] as const;
  return { above, usd };
}

/** Flaw: quotients with sixteen digits. Rule: a price has at most six decimal places. */
function rounded(usd: number): number;
function rounded(usd: number | null | undefined): number | null;
function rounded(usd: number | null | undefined): number | null {
  return usd == null ? null : Number(usd.toFixed(6));
}

function hasCachePrice({ usd }: ListedPeriod): boolean {
  return usd[2] !== null;
}

/** In lower case, without a path; null if it can't be a name. */
function cleanName(provider: string, raw: string): string | null {
  const name = listedName(provider, raw).replace(/-$/, '');
  return /^[a-z\d][\w.:-]*$/.test(name) ? name : null;
}

/** Flaw: prefixes of names of customers' fine-tuned models are among the names of the base model. */
function cleanAlias(provider: string, raw: string): string | null {
  return raw.startsWith('ft:') || raw.includes('.ft-') ? null : cleanName(provider, raw);
}

/** If one model has both `grok-4-0709` and `grok-4`, the name without a date. */
function undatedName(id: string, names: string[]): string {
  if (!/\d{4}$/.test(id)) return id;
  return nameCandidates(id).find(({ name }) => name !== id && names.includes(name))?.name ?? id;
}
