import { type JsonObject, asObject, parseJson } from '../core/lang/json.ts';
import { canonicalModel } from '../core/model/model-name.ts';
import { type ListedPrice, pricesOfApis } from './sources/pi-ai/package.ts';

/** LiteLLM's keys (USD per token) and the fields they correspond to. */
const PER_TOKEN: readonly (readonly [string, string])[] = [
  ['input_cost_per_token', 'input'],
  ['output_cost_per_token', 'output'],
  ['cache_read_input_token_cost', 'cacheRead'],
  ['cache_creation_input_token_cost', 'cacheWrite'],
  ['cache_creation_input_token_cost_above_1hr', 'cacheWrite1h'],
];
const OWN = ['input', 'output', 'cacheRead', 'cacheWrite', 'cacheWrite5m', 'cacheWrite1h'];

/**
 * The prices in a JSON file given to `pricing update --from`: our schema, LiteLLM's map, or one of the
 * package's data files. Null if it is none of these.
 */
export function pricesOfJson(text: string): ListedPrice[] | null {
  const file = asObject(parseJson(text));
  if (file === null) return null;
  const isPackageData = Object.values(file).some((models) =>
    Object.values(asObject(models) ?? {}).some((entry) => asObject(asObject(entry)?.['cost'])),
  );
  if (isPackageData) return pricesOfApis(file, 'anthropic');
  const models = asObject(file['models'] ?? file);
  const prices = Object.entries(models ?? {}).flatMap(([name, value]) =>
    parseModelPrices(name, value),
  );
  // A model's own name comes last, so that it overrides dated names.
  return prices.sort((a, b) => Number(isOwnName(a.model)) - Number(isOwnName(b.model)));
}

function isOwnName(name: string): boolean {
  return canonicalModel(name) === name;
}

function parseModelPrices(name: string, value: unknown): ListedPrice[] {
  const periods = Array.isArray(value) ? (value as unknown[]) : [value];
  const entry = asObject(periods.at(-1));
  if (entry === null || name === 'sample_spec') return [];
  const isLiteLlm = Object.keys(entry).some((key) => key.includes('_cost_per_'));
  const isOwn = OWN.some((key) => key in entry);
  if (isOwn)
    return [{ model: name, provider: null, usd: ownUsd(entry), long: parseLongContext(entry) }];
  const { mode } = entry;
  const isText =
    mode === undefined || /^(?:chat|completion|responses|embedding)$/.test(String(mode));
  // A price of a router or a cloud is not the model's own price.
  const isDirect = !name.includes('/') && !name.includes('anthropic.');
  if (!isLiteLlm || !isText || !isDirect || !('input_cost_per_token' in entry)) return [];
  return [{ model: name, provider: null, usd: perTokenUsd(entry), long: null }];
}

/** A missing price of cached tokens becomes zero, which means "not listed", as in the package. */
const NOT_LISTED = { cacheRead: 0, cacheWrite: 0 };

function ownUsd(entry: JsonObject): JsonObject {
  const { cacheWrite5m, ...rest } = entry;
  return {
    ...NOT_LISTED,
    ...(cacheWrite5m === undefined ? {} : { cacheWrite: cacheWrite5m }),
    ...rest,
  };
}

function parseLongContext(entry: JsonObject): ListedPrice['long'] {
  const long = asObject(entry['long']);
  return long === null ? null : { above: long['above'], usd: ownUsd(long) };
}

function perTokenUsd(entry: JsonObject): JsonObject {
  const usd: JsonObject = { ...NOT_LISTED };
  for (const [key, name] of PER_TOKEN) {
    const value = entry[key];
    if (value === undefined) continue;
    // 12 digits, because products of doubles have noise behind them.
    usd[name] = typeof value === 'number' ? Number((value * 1e6).toPrecision(12)) : value;
  }
  return usd;
}
