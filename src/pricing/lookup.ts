import type { PriceFallback } from '../core/settings/price-rules.ts';
import { aliasOf, bareModel, canonicalModel, parseProvider } from '../core/model/model-name.ts';
import { type ModelPrices, type PriceRow, type PriceTable, isAfter, rowAt } from './price-table.ts';
import {
  isFreeVariant,
  isLocalName,
  isLocalProvider,
  listsInPath,
  listsOf,
  nameCandidates,
  pathHead,
  RESELLERS,
} from '../core/model/provider-names.ts';

/**
 * How a row was found: `exact` by the model's own name, with or without date and prefix; `alias` by another
 * known name; `family` by the name of a family ("opus"); `fallback` if the model has no price and another
 * model's is used.
 */
type LookupBasis = 'exact' | 'alias' | 'family' | 'fallback';

export interface PriceLookup {
  /** Null only where the fallback is `none` or the table is empty. */
  row: PriceRow | null;
  basis: LookupBasis;
  /** Canonical name of the requested model; for a family, of the model that was priced. */
  model: string;
}

/** Facts about a request besides its model's name. */
export interface LookupHints {
  /** Who served it, because one name may be on several price lists. Null: only the name is known. */
  provider?: string | null;
  /** Providers whose free tier the user uses: their requests cost nothing. */
  freeTier?: ReadonlySet<string>;
}

const NO_HINTS: LookupHints = {};

/**
 * The price of a model at the time of a request. Prefixes and suffixes are removed, then the whole name
 * must match: `claude-sonnet-5` prices neither `claude-sonnet-5-5` nor `claude-sonnet-6`, `gpt-4` neither
 * `gpt-4o` nor `gpt-4.1`. An unknown Claude model of a known family is priced as its family's newest
 * (except with `zero` and `none`), any other unknown model as `fallback` says. Local models cost exactly
 * nothing. Never throws.
 */
export function lookupPrice(
  table: PriceTable,
  rawModel: string,
  atMs: number,
  fallback: PriceFallback = table.policy?.fallback ?? 'opus',
  hints: LookupHints = NO_HINTS,
): PriceLookup {
  const meant = aliasOf(rawModel);
  const found = lookupName(table, meant ?? rawModel, atMs, fallback, hints);
  return meant !== null && found.basis !== 'fallback' ? { ...found, basis: 'alias' } : found;
}

function lookupName(
  table: PriceTable,
  rawModel: string,
  atMs: number,
  fallback: PriceFallback,
  { provider = null, freeTier = table.policy?.freeTier }: LookupHints,
): PriceLookup {
  const bare = bareModel(rawModel);
  const model = canonicalModel(rawModel);
  const retired = table.retired.get(withRequestedName(rawModel));
  if (retired !== undefined && atMs >= retired.fromMs) {
    const row = findNewest(table, retired.family, atMs);
    if (row !== null) return { row, basis: 'alias', model };
  }
  const tier = freeTier === undefined ? null : findFreeTier(freeTier, rawModel, provider);
  if (tier !== null) return free(model, `free-tier:${tier}`, tier, 'pricing.freeTier');
  const own = table.models.get(model);
  if (own !== undefined) {
    // The canonical name of generation 3 or `-0` may differ in spelling only.
    return { row: rowAt(own.rows(), atMs), basis: model === bare ? 'exact' : 'alias', model };
  }
  const ofFamily = findNewest(table, model.replace(/^claude-/, ''), atMs);
  if (ofFamily !== null) return { row: ofFamily, basis: 'family', model: ofFamily.model };
  const local = localProvider(rawModel, provider);
  if (local !== null) return free(model, 'local', local, 'runs locally');
  if (isFreeVariant(rawModel))
    return free(model, 'free-variant', 'openrouter', 'name ends in :free');
  const other = lookupOther(table, rawModel, atMs, provider);
  if (other !== null) return other;
  // Checked last, because a vendor's name could contain a colon.
  if (isLocalName(rawModel)) return free(model, 'local', 'ollama', 'runs locally');
  return { row: standIn(table, model, atMs, fallback), basis: 'fallback', model };
}

/** The name as given to the vendor's own API; names with a cloud's or router's prefix remain different. */
function withRequestedName(rawModel: string): string {
  const name = rawModel.trim().toLowerCase();
  return name.endsWith('[1m]') ? name.slice(0, -4) : name;
}

/** Looks the name up on another provider's list; null if none has it. */
function lookupOther(
  { others }: PriceTable,
  rawModel: string,
  atMs: number,
  hint: string | null,
): PriceLookup | null {
  if (others === undefined) return null;
  const candidates = nameCandidates(rawModel);
  const find = (provider: string | null): PriceLookup | null => {
    for (const { name, isAlias } of candidates) {
      const entry = others.find(name, provider);
      if (entry !== null) return rowOf(entry, name, isAlias, atMs);
    }
    return null;
  };
  // First who served it, then whose name it is, then whoever lists it.
  const servers = [...(hint === null ? [] : listsOf(hint)), ...listsInPath(rawModel)];
  for (const server of servers) {
    const served = find(server);
    if (served !== null) return served;
  }
  const maker = parseProvider(bareModel(rawModel));
  if (maker !== null) {
    // A name that only another provider lists literally belongs to that provider: mixtral-8x7b-32768.
    const [asSent] = candidates;
    const elsewhere = asSent === undefined ? null : others.find(asSent.name, null);
    if (
      asSent !== undefined &&
      elsewhere !== null &&
      !RESELLERS.includes(elsewhere.provider ?? '') &&
      others.find(asSent.name, maker) === null
    ) {
      return rowOf(elsewhere, asSent.name, false, atMs);
    }
  }
  return (maker === null ? null : find(maker)) ?? find(null);
}

function rowOf(entry: ModelPrices, name: string, isAlias: boolean, atMs: number): PriceLookup {
  const model = canonicalModel(entry.model);
  const isOther = isAlias || canonicalModel(name) !== model;
  return { row: rowAt(entry.rows(), atMs), basis: isOther ? 'alias' : 'exact', model };
}

/** The program that runs it locally; null if nothing shows that it is local. */
function localProvider(rawModel: string, hint: string | null): string | null {
  for (const name of [hint, pathHead(rawModel)]) {
    if (name === null || !isLocalProvider(name)) continue;
    // Ollama's own cloud bills by subscription; it does not run on this machine.
    return /[:-]cloud\s*$/i.test(rawModel.slice(-16)) ? null : name.trim().toLowerCase();
  }
  return null;
}

/**
 * The provider whose free tier serves the request; null if none does. A free tier belongs to the vendor
 * itself: through a cloud or a router the same model is billed.
 */
function findFreeTier(
  freeTier: ReadonlySet<string>,
  rawModel: string,
  hint: string | null,
): string | null {
  if (freeTier.size === 0) return null;
  const by = hint ?? parseProvider(rawModel);
  if (by === null || RESOLD.test(by)) return null;
  return [by, ...listsOf(by)].find((name) => freeTier.has(name)) ?? null;
}

const RESOLD = /^(?:vertex(?:_ai)?|google-vertex|bedrock|openrouter|azure(?:_ai)?)$/;

function findNewest(table: PriceTable, family: string, atMs: number): PriceRow | null {
  const members = table.families.get(family) ?? [];
  const newest = members.findLast((entry) => !isAfter(entry.releasedMs, atMs)) ?? members[0];
  return newest === undefined ? null : rowAt(newest.rows(), atMs);
}

function standIn(
  table: PriceTable,
  model: string,
  atMs: number,
  fallback: PriceFallback,
): PriceRow | null {
  if (fallback === 'none') return null;
  if (fallback === 'zero') return { ...FREE, model };
  const parts = model.startsWith('claude-') ? model.split('-') : [];
  const family = parts.find((part) => table.families.has(part)) ?? fallback;
  return findNewest(table, family, atMs);
}

/** The price of what costs nothing. */
export const FREE: Omit<PriceRow, 'model'> = {
  id: 'zero',
  family: null,
  fromMs: null,
  toMs: null,
  input: 0,
  output: 0,
  cacheWrite5m: 0,
  cacheWrite1h: 0,
  cacheRead: 0,
  fastMultiplier: null,
  longPrompt: null,
  source: 'pricing.fallback: zero',
  sourceDate: '',
};

function free(model: string, id: string, provider: string, source: string): PriceLookup {
  return { row: { ...FREE, id, model, provider, source }, basis: 'exact', model };
}
