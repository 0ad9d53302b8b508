import type { PriceSource } from '../source.ts';
import { extractGenaiPrices } from './extract.ts';
import { type GenaiFact, readGenaiPrices } from './read.ts';

/** Dated prices and retired models. */
export const genaiPrices: PriceSource<GenaiFact> = {
  name: '@pydantic/genai-prices',
  version: '0.1.8',
  isWanted: (path) => path === 'dist/index.cjs',
  extract: extractGenaiPrices,
  read: readGenaiPrices,
};
