import { canonicalModel } from '../../core/model/model-name.ts';
import { parsePrice } from '../../core/money/money.ts';
import { type Overrides, type PriceOverride, USER_DATED, allModels } from './merge.ts';
import type { PriceTable, Rates } from '../price-table.ts';

const PREFIX = 'COST_PRICING_';
/** Longest first; no suffix ends with another. */
const FIELDS: readonly (readonly [string, keyof Rates])[] = [
  ['_CACHE_WRITE_1H', 'cacheWrite1h'],
  ['_CACHE_WRITE', 'cacheWrite5m'],
  ['_CACHE_READ', 'cacheRead'],
  ['_INPUT', 'input'],
  ['_OUTPUT', 'output'],
];

/** The variables that define prices; usually there are none, and then this is all the work. */
export function priceVariables(env: Record<string, string | undefined>): string[] {
  return Object.keys(env).filter((name) => name.startsWith(PREFIX) && env[name] !== '');
}

/**
 * `COST_PRICING_OPUS_INPUT=5`: USD per million tokens, for a family or for a model's id in capitals with
 * underscores. Families come first, so that a model's own variables override them.
 */
export function environmentOverrides(
  env: Record<string, string | undefined>,
  names: readonly string[],
  table: PriceTable,
): Overrides {
  const bySubject = new Map<string, PriceOverride>();
  const warnings: string[] = [];
  const ids = new Map(allModels(table).map(({ model }) => [shout(model), model]));
  for (const name of [...names].sort()) {
    const value = (env[name] ?? '').trim();
    const field = FIELDS.find(([ending]) => name.endsWith(ending));
    const subject = field === undefined ? '' : name.slice(PREFIX.length, -field[0].length);
    if (field === undefined || subject === '') {
      warnings.push(
        `environment: ${name}=${JSON.stringify(value)}: the name must end with ` +
          '_INPUT, _OUTPUT, _CACHE_READ, _CACHE_WRITE or _CACHE_WRITE_1H; ignored',
      );
      continue;
    }
    const price = parsePrice(value);
    if (price === null) {
      warnings.push(
        `environment: ${name}=${JSON.stringify(value)} is not a price in USD per million tokens; ignored`,
      );
      continue;
    }
    const override = bySubject.get(subject) ?? overrideFor(subject, table, ids);
    override.rates[field[1]] = price;
    bySubject.set(subject, override);
  }
  const overrides = [...bySubject.values()].sort((a, b) => Number(b.isFamily) - Number(a.isFamily));
  return { overrides, warnings };
}

function overrideFor(
  subject: string,
  table: PriceTable,
  ids: ReadonlyMap<string, string>,
): PriceOverride {
  const lowerCase = subject.toLowerCase();
  const isFamily = table.families.has(lowerCase) && !table.models.has(lowerCase);
  const model = isFamily
    ? lowerCase
    : (ids.get(subject) ?? canonicalModel(lowerCase.replaceAll('_', '-')));
  return {
    model,
    listedAs: model,
    isFamily,
    provider: null,
    family: null,
    fromMs: null,
    rates: {},
    fastMultiplier: null,
    longPrompt: null,
    layer: 'environment',
    source: `environment (${PREFIX}${subject}_*)`,
    sourceDate: USER_DATED,
  };
}

function shout(model: string): string {
  return model.toUpperCase().replace(/[^A-Z0-9]/g, '_');
}
