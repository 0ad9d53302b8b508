import { readPriceCatalog } from '../../files/price-catalog.ts';
import {
  type ModelAliases,
  type ModelPrices,
  type PriceRow,
  type PriceTable,
  preparePrices,
  parseRates,
} from '../price-table.ts';
import { RETIRED_NAMES } from './aliases.ts';
import { readCatalog } from './catalog.ts';
import { CLAUDE_PRICES, type ClaudePrice } from './claude.ts';
import { CATALOG_SOURCES } from './catalog-sources.generated.ts';

let prepared: PriceTable | null = null;

/** The prices that ship with the program, prepared at the first call. */
export function builtinPrices(): PriceTable {
  prepared ??= {
    ...preparePrices(claudeModels(), builtinAliases()),
    others: readCatalog(readPriceCatalog, CATALOG_SOURCES),
  };
  return prepared;
}

function claudeModels(): ModelPrices[] {
  const periods = new Map<string, ClaudePrice[]>();
  for (const price of CLAUDE_PRICES) {
    const existing = periods.get(price.model);
    if (existing === undefined) periods.set(price.model, [price]);
    else existing.push(price);
  }
  return Array.from(periods.values(), toModel);
}

function toModel(periods: ClaudePrice[]): ModelPrices {
  const { model = '', family = '', from = '' } = periods[0] ?? {};
  let rows: PriceRow[] | null = null;
  return {
    model,
    family,
    releasedMs: Date.parse(from),
    rows: () => (rows ??= periods.flatMap(toRow)),
  };
}

/** One row, or none if a rate is not a number: a typo must not stop the hook. */
function toRow(price: ClaudePrice): PriceRow[] {
  const { model, family, from, to, usd, fast, long, source, sourceDate } = price;
  const rates = parseRates(usd);
  const longRates = long === undefined ? null : parseRates(long.usd);
  if (rates === null) return [];
  return [
    {
      id: `${model}@${from}`,
      model,
      family,
      fromMs: Date.parse(from),
      toMs: to === undefined ? null : Date.parse(to),
      ...rates,
      fastMultiplier: fast === undefined ? null : { num: fast, den: 1 },
      longPrompt:
        long === undefined || longRates === null
          ? null
          : { abovePromptTokens: long.above, ...longRates },
      source,
      sourceDate,
    },
  ];
}

function builtinAliases(): ModelAliases {
  const retired = RETIRED_NAMES.map(
    ({ name, from, family }) => [name, { fromMs: Date.parse(from), family }] as const,
  );
  return { retired: new Map(retired) };
}
