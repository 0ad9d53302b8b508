#!/usr/bin/env node
// The hook executable: an agent runs it on its events, with the event as JSON on stdin. It always
// exits 0 and prints nothing. It starts src/hook/main.ts from V8's code cache, which saves the
// compiler's work at every tool call: docs/adr/0005-the-hook-starts-from-a-code-cache.md.
import { readFileSync, writeFileSync } from 'node:fs';
import { Script } from 'node:vm';

declare const __dirname: string;
declare const MAIN_HASH: string;

const main = `${__dirname}/record-main.cjs`;
const cache = `${__dirname}/record-main-${MAIN_HASH}-${process.version}-${process.arch}.cache`;
try {
  let cachedData: Buffer | undefined;
  try {
    cachedData = readFileSync(cache);
  } catch {
    // Another Node than the one that built it: `tallyhook init` makes one for this Node.
  }
  // The bundle is ASCII; V8 refuses a cache of another version and compiles the source then.
  const options = cachedData === undefined ? { filename: main } : { filename: main, cachedData };
  const script = new Script(readFileSync(main, 'latin1'), options);
  if (process.argv.includes('--make-cache')) {
    process.on('exit', () => writeFileSync(cache, script.createCachedData()));
  }
  script.runInThisContext()(module, require, __dirname);
} catch {
  process.exit(0);
}
