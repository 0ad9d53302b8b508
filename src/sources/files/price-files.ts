import { join } from 'node:path';
import { readBounded } from '../../files/read-bounded.ts';
import { type Environment, dataFolder } from '../machine/paths.ts';

/** What `pricing update` fetched. */
export function updatedPricesPath(env: Environment): string {
  return join(dataFolder(env), 'prices.json');
}

/** All that the price sources know takes less than one. */
const MAX_PRICES_BYTES = 64 * 1024 * 1024;

/** A file's text; null where it is not there, an `Error` where it can't be read. */
export function readPriceFile(path: string): string | Error | null {
  try {
    return (
      readBounded(path, { maxBytes: MAX_PRICES_BYTES, within: null })?.toString('utf8') ?? null
    );
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
