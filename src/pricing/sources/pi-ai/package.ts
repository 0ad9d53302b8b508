import { type JsonObject, asObject, parseJson } from '../../../core/lang/json.ts';
import { RESELLERS } from '../../../core/model/provider-names.ts';
import { isTextModel, listedName } from '../listing.ts';
import { TABLE_PROVIDERS } from '../source.ts';

/** The package that `pricing update` reads. Only its data files are read, never its program. */
export const PI_AI = '@earendil-works/pi-ai';
const PROVIDERS = ['anthropic', ...TABLE_PROVIDERS];
/** Providers whose file has another name. */
const FILES: Readonly<Record<string, string>> = {
  bedrock: 'amazon-bedrock',
  vertex: 'google-vertex',
};

export function isPriceData(path: string): boolean {
  return PROVIDERS.some((name) => path === dataPath(name));
}

export function dataPath(provider: string): string {
  return `dist/providers/data/${FILES[provider] ?? provider}.json`;
}

/** USD per million tokens as read, not validated yet. */
export interface ListedPrice {
  model: string;
  provider: string | null;
  usd: Record<string, unknown>;
  long: { above: unknown; usd: Record<string, unknown> } | null;
}

/** The prices in the package's data files, by provider; a file in another format is a problem. */
export function listedPrices(files: ReadonlyMap<string, string>): {
  prices: ListedPrice[];
  problems: string[];
} {
  const prices = new Map<string, ListedPrice>();
  const problems: string[] = [];
  for (const provider of PROVIDERS) {
    const path = dataPath(provider);
    const text = files.get(path);
    if (text === undefined) continue;
    const apis = asObject(parseJson(text));
    if (apis === null) problems.push(`${path}: is not a JSON object`);
    for (const price of pricesOfApis(apis ?? {}, provider)) {
      // Of several makers' models under one last part of a path the first counts, as in the table.
      const isResold = RESELLERS.includes(provider);
      const key = `${provider}/${isResold ? listedName(provider, price.model) : price.model}`;
      if (!prices.has(key)) prices.set(key, price);
    }
  }
  return { prices: [...prices.values()], problems };
}

/** One of the package's data files: models by the API that serves them. */
export function pricesOfApis(apis: JsonObject, provider: string): ListedPrice[] {
  return Object.values(apis).flatMap((models) =>
    Object.entries(asObject(models) ?? {})
      .filter(([key, value]) => isOneModel(key, value) && isListed(provider, key, value))
      .map(([key, value]) => listedPrice(provider, key, value)),
  );
}

/** A classifier shares its name with its base model; `-latest` means another model each month. */
function isOneModel(key: string, value: unknown): boolean {
  const { type, id } = asObject(value) ?? {};
  const isText = type === undefined || type === 'chat' || type === 'embedding';
  return isText && !String(id ?? key).endsWith('-latest');
}

/** Claude has one price list, whoever serves it; a reseller writes zero where it does not sell by token. */
function isListed(provider: string, key: string, value: unknown): boolean {
  if (provider === 'anthropic') return true;
  const { id, cost } = asObject(value) ?? {};
  if (/claude/i.test(String(id ?? key))) return false;
  if (!RESELLERS.includes(provider)) return true;
  const { input, output } = asObject(cost) ?? {};
  // A router's own choice of a model is listed at -1.
  const isPriced = Number(input) >= 0 && Number(output) >= 0 && (input !== 0 || output !== 0);
  return isPriced && isTextModel(listedName(provider, String(id ?? key)));
}

function listedPrice(provider: string, key: string, value: unknown): ListedPrice {
  const entry = asObject(value) ?? {};
  const { id } = entry;
  const cost = asObject(entry['cost']) ?? {};
  const [tier] = Array.isArray(cost['tiers']) ? (cost['tiers'] as unknown[]) : [];
  const long = asObject(tier);
  return {
    model: typeof id === 'string' ? id : key.replace(/^[^:]*:/, ''),
    provider,
    usd: cost,
    long: long === null ? null : { above: long['inputTokensAbove'], usd: long },
  };
}
