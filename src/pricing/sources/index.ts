import { genaiPrices } from './genai-prices/index.ts';
import { piAi } from './pi-ai/index.ts';
import type { PriceSource } from './source.ts';

/** Where the built-in table comes from: another source is a folder here and a line. */
export const PRICE_SOURCES: readonly PriceSource[] = [genaiPrices, piAi];
