import { nameCandidates } from '../../../core/model/provider-names.ts';
import type { ListedPeriod, Listing, Snapshot, Usd4 } from '../listing.ts';
import type { ListedFacts } from '../source.ts';

/** Input, output, cache read, cache write; `free` where the library has a model without prices. */
type Rates = [number | null, number | null, number | null, number | null] | ['free'];
/** A constraint (nothing, a day, hours of the day), rates, and those of a long prompt. */
export type GenaiPrice =
  | [string, ['free']]
  | [string, Rates]
  | [string, Rates, [number, ...(number | null)[]]];
/** Of one model: provider, id, names, flag, prices. */
export type GenaiFact = [string, string, string[], string, ...GenaiPrice[]];

/**
 * Flaw: models for pictures, sound and video bill kinds of tokens that a usage does not tell apart,
 * and their text rates would be a guess that looks exact. Rule: left out, so they are unknown.
 */
const MEDIA =
  /(?:^|-)(?:image|audio|realtime|tts|transcribe|live|omni|whisper|voice|ocr|moderation)(?:-|$)/;

/** Flaw: OpenRouter's order of words beside Google's. Rule: one model, under Google's name. */
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
    // Flaw: prices taken over from OpenRouter under a vendor's name. Rule: not the vendor's. That
    // a model is free (Gemma on the Gemini API) is the vendor's own word.
    if (flag === 'router' && prices[0]?.[1][0] !== 'free') continue;
    const id = cleanName(rawId);
    // `:free` is a rule of the lookup, not a model.
    if (id === null || MEDIA.test(id) || id.endsWith(':free') || id.includes('.ft')) continue;
    const periods = readPrices(prices, source, date);
    if (periods === null) continue;
    const model = RENAMED.get(id) ?? undatedName(id, rawNames);
    const names = [id, ...rawNames.flatMap((name) => cleanAlias(name) ?? [])];
    const known = listings.get(`${provider}/${model}`);
    listings.set(`${provider}/${model}`, {
      provider,
      model,
      names: [...new Set([...(known?.names ?? []), ...names])].filter((name) => name !== model),
      // What the other spelling adds is its cache prices.
      periods: known === undefined || periods.some(hasCachePrice) ? periods : known.periods,
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
    const known = windows.get(key);
    windows.set(key, { ...period, hours: known ? `${known.hours},${window}` : window });
  }
  // Flaw: a price for hours of the day can't also have a day in that library, so that it holds in
  // all periods. Rule: it belongs to the last period.
  const from = periods.at(-1)?.from ?? '';
  return [...periods, ...Array.from(windows.values(), (period) => ({ ...period, from }))];
}

/** Flaw: models billed by the hour, page or message. Rule: without a token price, left out. */
function readRates(rates: Rates): Usd4 | null {
  if (rates[0] === 'free') return [0, 0, 0, 0];
  const [input, output, read, write] = rates;
  // Embeddings have no output to pay for.
  return input === null ? null : [input, output ?? 0, read, write];
}

/**
 * Flaw: "from 272,000 tokens on" is written as above 271,999, beside models whose tier begins
 * above 272,000. That is what the vendors' pages say, and `above` means the same here: taken as is.
 */
function readTier([above, input, output, read, write]: [number, ...(number | null)[]]) {
  if (input == null || output == null) return null;
  return { above, usd: [input, output, read ?? null, write ?? null] as const };
}

function hasCachePrice({ usd }: ListedPeriod): boolean {
  return usd[2] !== null;
}

/** Lower-case, without a path; null for what can't be a name. */
function cleanName(raw: string): string | null {
  const name = raw.slice(raw.lastIndexOf('/') + 1).replace(/-$/, '');
  return /^[a-z\d][\w.:-]*$/.test(name) ? name : null;
}

/** Flaw: beginnings of names of models tuned by customers stand among the names of the base model. */
function cleanAlias(raw: string): string | null {
  return raw.startsWith('ft:') || raw.includes('.ft-') ? null : cleanName(raw);
}

/** Of `grok-4-0709` and `grok-4` for one model, the one without a date. */
function undatedName(id: string, names: string[]): string {
  if (!/\d{4}$/.test(id)) return id;
  return nameCandidates(id).find(({ name }) => name !== id && names.includes(name))?.name ?? id;
}
