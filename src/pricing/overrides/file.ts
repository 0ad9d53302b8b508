import { type JsonObject, asArray, asObject, asText, parseJson } from '../../core/lang/json.ts';
import { canonicalModel } from '../../core/model/model-name.ts';
import { parseDecimal, parsePrice } from '../../core/money/money.ts';
import { type Overrides, type PriceOverride, USER_DATED } from './merge.ts';
import type { Rates } from '../price-table.ts';

/** Our keys, USD per million tokens. */
const PER_MILLION: readonly (readonly [string, keyof Rates])[] = [
  ['input', 'input'],
  ['output', 'output'],
  ['cacheRead', 'cacheRead'],
  ['cacheWrite', 'cacheWrite5m'],
  ['cacheWrite5m', 'cacheWrite5m'],
  ['cacheWrite1h', 'cacheWrite1h'],
];
/** LiteLLM's keys, USD per token. */
const PER_TOKEN: readonly (readonly [string, keyof Rates])[] = [
  ['input_cost_per_token', 'input'],
  ['output_cost_per_token', 'output'],
  ['cache_read_input_token_cost', 'cacheRead'],
  ['cache_creation_input_token_cost', 'cacheWrite5m'],
  ['cache_creation_input_token_cost_above_1hr', 'cacheWrite1h'],
];
/** LiteLLM's keys for long prompts, such as `input_cost_per_token_above_200k_tokens`. */
const ABOVE = /^(.+)_above_(\d{1,5})k_tokens$/;
const KNOWN = new Set([
  'from',
  'fast',
  'long',
  'family',
  'provider',
  ...PER_MILLION.map(([k]) => k),
]);
/** Decimal places of USD per token in a price's unit. */
const PER_TOKEN_PLACES = 15;

type Layer = Pick<PriceOverride, 'layer' | 'source' | 'sourceDate'>;

/**
 * A user's price file: `{"models": {"name": {"input": 3, ...}}}`, LiteLLM's map of names to prices per
 * token, or both mixed. An invalid value causes a warning, and the rest applies.
 */
export function parsePriceFile(
  text: string,
  path: string,
  layer: Layer = { layer: 'file', source: `price file ${path}`, sourceDate: USER_DATED },
): Overrides {
  const file = asObject(parseJson(text));
  if (file === null) return { overrides: [], warnings: [`${path}: is not a JSON object; ignored`] };
  const models = file['models'] === undefined ? file : asObject(file['models']);
  if (models === null) {
    return { overrides: [], warnings: [`${path}: models: is not a JSON object; ignored`] };
  }
  const reader = new EntryReader(path, layer);
  // A model's own name comes last, so that it overrides the names used by routers and clouds.
  const names = Object.keys(models).filter((name) => !isNoModel(name));
  names.sort((a, b) => Number(a === canonicalModel(a)) - Number(b === canonicalModel(b)));
  for (const name of names) reader.read(name, models[name]);
  return { overrides: reader.overrides, warnings: reader.warnings };
}

function isNoModel(name: string): boolean {
  return name === 'sample_spec' || name === 'schemaVersion' || name.startsWith('$');
}

class EntryReader {
  readonly overrides: PriceOverride[] = [];
  readonly warnings: string[] = [];
  readonly #path: string;
  readonly #layer: Layer;

  constructor(path: string, layer: Layer) {
    this.#path = path;
    this.#layer = layer;
  }

  read(name: string, value: unknown): void {
    const periods = Array.isArray(value) ? asArray(value) : [value];
    const entries = periods.map((period) => this.#period(name, period));
    const valid = entries.filter((entry) => entry !== null);
    this.overrides.push(...valid.sort((a, b) => (a.fromMs ?? 0) - (b.fromMs ?? 0)));
  }

  #period(name: string, value: unknown): PriceOverride | null {
    const entry = asObject(value);
    if (entry === null) return this.#warn(name, value, 'is not an object with prices');
    const rates = this.#rates(name, entry);
    const longPrompt = this.#longPrompt(name, entry);
    if (Object.keys(rates).length === 0) {
      // LiteLLM also lists models that are billed by the image or the second.
      const isForeign = !Object.keys(entry).some((key) => KNOWN.has(key));
      return isForeign ? null : this.#warn(name, value, 'has no valid price');
    }
    const lower = name.trim().toLowerCase();
    return {
      model: canonicalModel(name),
      listedAs: lower.slice(lower.lastIndexOf('/') + 1),
      isFamily: false,
      provider: asText(entry['provider']),
      family: typeof entry['family'] === 'string' ? entry['family'].toLowerCase() : null,
      fromMs: this.#fromMs(name, entry),
      rates,
      fastMultiplier: this.#fast(name, entry),
      longPrompt,
      ...this.#layer,
      ...this.#provenance(entry),
    };
  }

  /** In the updated table each row has its own date; a user's file has none. */
  #provenance(entry: JsonObject): Partial<Layer> {
    if (this.#layer.layer !== 'updated') return {};
    const { source, sourceDate } = this.#layer;
    return {
      source: asText(entry['source']) ?? source,
      sourceDate: asText(entry['sourceDate']) ?? sourceDate,
    };
  }

  #rates(name: string, entry: JsonObject): Partial<Rates> {
    const rates: Partial<Rates> = {};
    for (const [key, field] of PER_TOKEN) {
      const price = this.#price(`${name}.${key}`, entry[key], parsePerToken);
      if (price !== null) rates[field] = price;
    }
    for (const [key, field] of PER_MILLION) {
      const price = this.#price(`${name}.${key}`, entry[key], parsePerMillion);
      if (price !== null) rates[field] = price;
    }
    return rates;
  }

  #longPrompt(name: string, entry: JsonObject): PriceOverride['longPrompt'] {
    const long = entry['long'];
    const own = asObject(long);
    if (own !== null) {
      const above = own['above'];
      if (typeof above === 'number' && Number.isSafeInteger(above) && above > 0) {
        return { abovePromptTokens: above, rates: this.#rates(`${name}.long`, own) };
      }
      return this.#warn(`${name}.long.above`, above, 'is not a number of tokens');
    }
    if (long !== undefined && long !== null) {
      return this.#warn(`${name}.long`, long, 'is not an object with prices');
    }
    const rates: Partial<Rates> = {};
    let above = 0;
    for (const [key, value] of Object.entries(entry)) {
      const [, plain, thousands] = ABOVE.exec(key) ?? [];
      const field = PER_TOKEN.find(([perToken]) => perToken === plain)?.[1];
      const price = field && this.#price(`${name}.${key}`, value, parsePerToken);
      if (!field || price == null) continue;
      rates[field] = price;
      above = Number(thousands) * 1000;
    }
    return above === 0 ? null : { abovePromptTokens: above, rates };
  }

  #fromMs(name: string, entry: JsonObject): number | null {
    const from = entry['from'];
    if (from === undefined || from === null) return null;
    const ms = typeof from === 'string' ? Date.parse(from) : Number.NaN;
    return Number.isNaN(ms) ? this.#warn(`${name}.from`, from, 'is not a date (YYYY-MM-DD)') : ms;
  }

  #fast(name: string, entry: JsonObject): PriceOverride['fastMultiplier'] {
    const fast = entry['fast'];
    if (fast === undefined || fast === null) return null;
    const num = typeof fast === 'number' ? parseDecimal(fast, 3) : null;
    if (num === null || num === 0)
      return this.#warn(`${name}.fast`, fast, 'is not a multiplier above zero');
    return num % 1000 === 0 ? { num: num / 1000, den: 1 } : { num, den: 1000 };
  }

  #price(
    key: string,
    value: unknown,
    parse: (value: string | number) => number | null,
  ): number | null {
    if (value === undefined || value === null) return null;
    const isText = typeof value === 'number' || typeof value === 'string';
    const price = isText ? parse(value) : null;
    return price ?? this.#warn(key, value, 'is not a price');
  }

  #warn(key: string, value: unknown, what: string): null {
    const shown =
      typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? '(missing)');
    this.warnings.push(`${this.#path}: ${key}: ${shown.slice(0, 80)} ${what}; ignored`);
    return null;
  }
}

function parsePerMillion(value: string | number): number | null {
  return parsePrice(value) ?? withoutNoise(value, parsePrice);
}

function parsePerToken(value: string | number): number | null {
  const parse = (text: string | number): number | null => parseDecimal(text, PER_TOKEN_PLACES);
  return parse(value) ?? withoutNoise(value, parse);
}

/** 1.5000000000000002e-07 is 1.5e-07 with an error from a multiplication. */
function withoutNoise(
  value: string | number,
  parse: (value: string | number) => number | null,
): number | null {
  const number = Number(value);
  return Number.isFinite(number) && number > 0 ? parse(Number(number.toPrecision(12))) : null;
}
