import { type JsonObject, asObject, parseJson } from '../../../core/lang/json.ts';
import { TABLE_PROVIDERS } from '../source.ts';

/** The package that `pricing update` reads. Only its data files are read, never its program. */
export const PI_AI = '@earendil-works/pi-ai';
/** Providers by the names of the package's files. */
const PROVIDERS = ['anthropic', ...TABLE_PROVIDERS];

export function isPriceData(path: string): boolean {
  return PROVIDERS.some((name) => path === dataPath(name));
}

export function dataPath(provider: string): string {
  return `dist/providers/data/${provider}.json`;
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
      const key = `${provider}/${price.model}`;
      if (!prices.has(key)) prices.set(key, price);
    }
  }
  return { prices: [...prices.values()], problems };
}

/** One of the package's data files: models by the API that serves them. */
export function pricesOfApis(apis: JsonObject, provider: string): ListedPrice[] {
  return Object.values(apis).flatMap((models) =>
    Object.entries(asObject(models) ?? {})
      .filter(([key, value]) => isOneModel(key, value))
      .map(([key, value]) => listedPrice(provider, key, value)),
  );
}

/** A classifier shares its name with its base model; `-latest` means another model each month. */
function isOneModel(key: string, value: unknown): boolean {
  const { type, id } = asObject(value) ?? {};
  const isText = type === undefined || type === 'chat' || type === 'embedding';
  return isText && !String(id ?? key).endsWith('-latest');
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
