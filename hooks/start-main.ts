import { readFileSync } from 'node:fs';
import { Script } from 'node:vm';
import { readCodeCache, writeCodeCache } from '../src/files/code-cache.ts';

declare const __dirname: string;
declare const MAIN_NAME: string;
declare const MAIN_HASH: string;

/**
 * Runs the bundle next to the executable from V8's code cache, which saves compiling it at every start:
 * docs/adr/0005-the-hook-starts-from-a-code-cache.md. Bundled into each executable.
 */
export function startMain(): void {
  const main = `${__dirname}/${MAIN_NAME}.cjs`;
  const path = `${__dirname}/${MAIN_NAME}-${MAIN_HASH}-${process.version}-${process.arch}.cache`;
  // There is none if another Node built it. `tallyhook init` makes one for the current Node.
  const cache = readCodeCache(path);
  const source = readFileSync(main, 'latin1');
  // The bundle is ASCII. V8 rejects a cache of another version and compiles the source instead.
  const cached = cache.kind === 'valid' ? { cachedData: cache.data } : {};
  const script = new Script(source, { filename: main, ...cached });
  const flag = process.argv.indexOf('--make-cache');
  if (flag >= 0) process.argv.splice(flag, 1);
  if (flag >= 0 || cache.kind === 'damaged') {
    process.on('exit', () => writeCodeCache(path, () => script.createCachedData()));
  }
  script.runInThisContext()(module, require, __dirname);
}
