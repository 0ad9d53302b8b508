import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

/** Imports a TypeScript module of src into a script. It is bundled first, as Node 20 can't run TypeScript. */
export async function importTypeScript(path) {
  const folder = mkdtempSync(join(tmpdir(), 'tallyhook-module-'));
  const outfile = join(folder, 'module.mjs');
  /** @type {import('esbuild').BuildOptions} */
  const options = {
    bundle: true,
    format: 'esm',
    platform: 'node',
    // As in the builds: scripts/cached-executable.mjs.
    mainFields: ['module', 'main'],
    logLevel: 'warning',
  };
  try {
    await build({ entryPoints: [path], outfile, ...options });
    return await import(pathToFileURL(outfile).href);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
