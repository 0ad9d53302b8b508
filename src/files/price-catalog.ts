import { join } from 'node:path';
import { readBounded } from './read-bounded.ts';

/** Ten times today's size. */
const MAX_CATALOG_BYTES = 600 * 1024;
/** Below a program in dist/, dist/hooks/ or, where the sources themselves run, src/files/. */
const PLACES = ['catalog.txt', '../catalog.txt', '../pricing/builtin/catalog.txt'];

/**
 * The built-in prices of all providers except Anthropic: a file beside the programs, because a hook needs
 * it only for a model of another maker. Empty if it can't be read: such models then have no price.
 */
export function readPriceCatalog(): string {
  for (const place of PLACES) {
    try {
      const path = join(import.meta.dirname, place);
      const bytes = readBounded(path, { maxBytes: MAX_CATALOG_BYTES, within: null });
      if (bytes !== null) return bytes.toString('latin1');
    } catch {
      // The next place may have it.
    }
  }
  return '';
}
