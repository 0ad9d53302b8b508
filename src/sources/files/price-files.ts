import { join } from 'node:path';
import { readBounded } from '../../files/read-bounded.ts';
import { type Environment, dataFolder } from '../machine/paths.ts';

/** The file that `pricing update` writes. */
export function updatedPricesPath(env: Environment): string {
  return join(dataFolder(env), 'prices.json');
}

/** All data of the price sources together takes less than 1 MB. */
const MAX_PRICES_BYTES = 64 * 1024 * 1024;

/** The text of a file; null if it does not exist, an `Error` if it can't be read. */
export function readPriceFile(path: string): string | Error | null {
  try {
    return (
      readBounded(path, { maxBytes: MAX_PRICES_BYTES, within: null })?.toString('utf8') ?? null
    );
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
