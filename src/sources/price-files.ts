import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Environment, dataFolder } from './paths.ts';

/** What `pricing update` fetched. */
export function updatedPricesPath(env: Environment): string {
  return join(dataFolder(env), 'prices.json');
}

/** A file's text; null where it is not there, an `Error` where it can't be read. */
export function readPriceFile(path: string): string | Error | null {
  // Asked first: an exception made by `fs` costs more than a dozen calls that succeed.
  if (!existsSync(path)) return null;
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
