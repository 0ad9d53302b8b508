/** What scripts/generate-prices.mjs runs: facts of the sources in, the table's text out. */
import { writeCatalog } from '../builtin/catalog-text.ts';
import type { Sources } from '../builtin/catalog.ts';
import { mergeSnapshots } from '../merge.ts';
import { correct } from './corrections.ts';
import { readGenaiPrices } from './genai-prices.ts';
import { readPiAi } from './pi-ai.ts';

const READERS: Readonly<Record<string, (facts: never) => ReturnType<typeof readPiAi>>> = {
  '@pydantic/genai-prices': readGenaiPrices,
  '@earendil-works/pi-ai': readPiAi,
};

/** Facts as the files of scripts/prices/ have them: `package` names the reader. */
export function generateCatalog(facts: readonly { package: string }[]): {
  text: string;
  sources: Sources;
} {
  const snapshots = facts.map((one) => {
    const read = READERS[one.package];
    if (read === undefined) throw new Error(`nobody reads the facts of ${one.package}`);
    return read(one as never);
  });
  return writeCatalog(correct(mergeSnapshots(snapshots)));
}
