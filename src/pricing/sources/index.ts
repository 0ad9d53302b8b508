import { genaiPrices } from './genai-prices/index.ts';
import { piAi } from './pi-ai/index.ts';
import type { PriceSource } from './source.ts';

/** The sources of the built-in table: to add one, add a folder here and a line. */
export const PRICE_SOURCES: readonly PriceSource[] = [genaiPrices, piAi];
