import { readFileSync, writeFileSync } from 'node:fs';
import { Script } from 'node:vm';

declare const __dirname: string;
declare const MAIN_NAME: string;
declare const MAIN_HASH: string;

/**
 * Runs the bundle beside the executable from V8's code cache, which saves the compiler's work at
 * every start: docs/adr/0005-the-hook-starts-from-a-code-cache.md. Bundled into each executable.
 */
export function startMain(): void {
  const main = `${__dirname}/${MAIN_NAME}.cjs`;
  const cache = `${__dirname}/${MAIN_NAME}-${MAIN_HASH}-${process.version}-${process.arch}.cache`;
  let cachedData: Buffer | undefined;
  try {
    cachedData = readFileSync(cache);
  } catch {
    // Another Node than the one that built it: `tallyhook init` makes one for this Node.
  }
  // The bundle is ASCII; V8 refuses a cache of another version and compiles the source then.
  const options = cachedData === undefined ? { filename: main } : { filename: main, cachedData };
  const script = new Script(readFileSync(main, 'latin1'), options);
  const asked = process.argv.indexOf('--make-cache');
  if (asked >= 0) {
    process.argv.splice(asked, 1);
    process.on('exit', () => writeFileSync(cache, script.createCachedData()));
  }
  script.runInThisContext()(module, require, __dirname);
}
