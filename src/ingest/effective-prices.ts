import { environmentOverrides, priceVariables } from '../pricing/overrides/environment.ts';
import { parsePriceFile } from '../pricing/overrides/file.ts';
import { type Overrides, withOverrides } from '../pricing/overrides/merge.ts';
import type { PriceTable } from '../pricing/price-table.ts';
import { builtinPrices } from '../pricing/builtin/table.ts';
import { type Environment, expandPath } from '../sources/machine/paths.ts';
import { readPriceFile, updatedPricesPath } from '../sources/files/price-files.ts';
import type { Settings } from '../sources/settings/file.ts';

export interface EffectivePrices {
  prices: PriceTable;
  /** Entries that were ignored because they are malformed; the others are used. */
  warnings: string[];
}

/**
 * The effective prices. The environment's override the user's file, which overrides the updated table,
 * which overrides the built-in one. HOT PATH: without overrides this costs one `existsSync` and one pass
 * over the names of the environment's variables.
 */
export function effectivePrices(env: Environment, settings: Settings): EffectivePrices {
  const warnings: string[] = [];
  let { prices } = updatedPrices(env, warnings);
  const lay = (overrides: Overrides): void => {
    const laid = withOverrides(prices, overrides);
    prices = laid.prices;
    warnings.push(...laid.warnings);
  };
  const { file } = settings.pricing;
  if (file !== null) lay(fromFile(expandPath(file, env)));
  const names = priceVariables(env);
  if (names.length > 0) lay(environmentOverrides(env, names, prices));
  const { fallback, freeTier } = settings.pricing;
  if (fallback !== 'opus' || freeTier.length > 0) {
    prices = { ...prices, policy: { fallback, freeTier: new Set(freeTier) } };
  }
  return { prices, warnings };
}

/** The built-in table, overridden by the updated one. */
export function updatedPrices(env: Environment, warnings: string[]): { prices: PriceTable } {
  const path = updatedPricesPath(env);
  const text = readPriceFile(path);
  if (text === null) return { prices: builtinPrices() };
  if (text instanceof Error) {
    warnings.push(`${path}: can't be read (${text.message}); the built-in prices are used`);
    return { prices: builtinPrices() };
  }
  const layer = { layer: 'updated', source: 'pricing update', sourceDate: '' } as const;
  const laid = withOverrides(builtinPrices(), parsePriceFile(text, path, layer));
  warnings.push(...laid.warnings);
  return laid;
}

function fromFile(path: string): Overrides {
  const text = readPriceFile(path);
  if (typeof text === 'string') return parsePriceFile(text, path);
  const what = text === null ? 'price file not found' : `can't be read: ${text.message}`;
  return { overrides: [], warnings: [`${path}: ${what}; ignored`] };
}
