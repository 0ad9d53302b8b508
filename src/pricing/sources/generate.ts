/** Run by scripts/generate-prices.mjs: turns the facts of the sources into the table's text. */
import { writeCatalog } from '../builtin/catalog-text.ts';
import type { Sources } from '../builtin/catalog.ts';
import { mergeSnapshots } from '../merge.ts';
import { withoutCopies } from './copies.ts';
import { correct } from './corrections.ts';
import { PRICE_SOURCES } from './index.ts';
import type { Listing } from './listing.ts';
import { type ListedFacts, TABLE_PROVIDERS } from './source.ts';

function rank({ provider }: Listing): number {
  return TABLE_PROVIDERS.indexOf(provider);
}

/** @param facts as the files of scripts/prices/ contain them */
export function generateCatalog(facts: readonly ListedFacts<unknown>[]): {
  text: string;
  sources: Sources;
} {
  const snapshots = facts.map((one) => {
    const source = PRICE_SOURCES.find(({ name }) => name === one.package);
    if (source === undefined) throw new Error(`no source reads the facts of ${one.package}`);
    return source.read(one);
  });
  const listings = correct(mergeSnapshots(snapshots));
  return writeCatalog(withoutCopies(listings.sort((a, b) => rank(a) - rank(b))));
}
