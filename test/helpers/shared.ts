import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../../../shared/', import.meta.url));

/** A folder of checks that is not part of the project; null if it does not exist next to it. */
export function sharedFolder(name: string): string | null {
  const path = `${folder}${name}`;
  if (existsSync(path)) return path;
  console.log(`skipped: ../shared/${name} is not here, so nothing is checked against it`);
  return null;
}

export function readJson<T>(path: string): T {
  return JSON.parse(readFileSync(path, 'utf8')) as T;
}
