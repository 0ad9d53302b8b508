import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

/** A module of src, for scripts: Node 20 runs no TypeScript. */
export async function importTypeScript(path) {
  const folder = mkdtempSync(join(tmpdir(), 'tallyhook-module-'));
  const outfile = join(folder, 'module.mjs');
  /** @type {import('esbuild').BuildOptions} */
  const options = { bundle: true, format: 'esm', platform: 'node', logLevel: 'warning' };
  try {
    await build({ entryPoints: [path], outfile, ...options });
    return await import(pathToFileURL(outfile).href);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
