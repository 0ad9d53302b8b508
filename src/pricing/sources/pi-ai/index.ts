import { type PriceSource, TABLE_PROVIDERS } from '../source.ts';
import { extractPiAi } from './extract.ts';
import { PI_AI, dataPath } from './package.ts';
import { type PiAiFact, readPiAi } from './read.ts';

/** The prices on the date of its version, without history. */
export const piAi: PriceSource<PiAiFact> = {
  name: PI_AI,
  version: '1.5.2',
  isWanted: (path) => TABLE_PROVIDERS.some((provider) => path === dataPath(provider)),
  extract: extractPiAi,
  read: readPiAi,
};
