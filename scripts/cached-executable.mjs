import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * The esbuild options that all builds share.
 * @type {import('esbuild').BuildOptions & { metafile: true }}
 */
export const common = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node20.19',
  // jsonc-parser's CommonJS build loads its parts with a `require` that bundlers don't detect.
  mainFields: ['module', 'main'],
  minify: true,
  legalComments: 'none',
  logLevel: 'warning',
  metafile: true,
};

/**
 * Options for CommonJS from our own sources: they name the addon's path, so `bindings` need not search for it.
 * The banner tells tools that guess from the text: `run tallyhook import` in a message looks like a module.
 * @type {import('esbuild').BuildOptions}
 */
export const commonJs = {
  format: 'cjs',
  external: ['bindings'],
  define: { 'import.meta.dirname': '__dirname', 'import.meta.url': '__filename' },
  banner: { js: '"use strict";module.exports = {};' },
};

/**
 * Builds an executable that starts from V8's code cache: OUT.cjs is the loader, OUT-main.cjs the
 * program in one CommonJS file, OUT-meta.json esbuild's metafile. The cache itself is made by running
 * the program: src/files/code-cache.ts.
 * @param {object} executable
 * @param {string} executable.main the program's entry, as in src/hook/main.ts
 * @param {string} executable.loader an executable that calls `startMain` of hooks/start-main.ts
 * @param {string} executable.out path below the root, without its extension
 * @param {import('esbuild').BuildOptions} [executable.options] further options for the program; its banner goes inside the wrapper
 */
export async function buildCachedExecutable({ main, loader, out, options = {} }) {
  const name = `${out.slice(out.lastIndexOf('/') + 1)}-main`;
  const built = await build({
    ...common,
    ...commonJs,
    banner: {},
    ...options,
    define: { ...commonJs.define, ...options.define },
    entryPoints: [main],
    outfile: `${out}-main.cjs`,
    write: false,
  });
  const code = built.outputFiles[0].text;
  // The wrapper that Node puts around a module, reduced to what the bundle uses.
  const wrapped = `(function(module,require,__dirname){var exports = module.exports,__filename=__dirname+"/${name}.cjs";${code}\n})`;
  mkdirSync(dirname(root + out), { recursive: true });
  writeFileSync(`${root}${out}-main.cjs`, wrapped);
  writeFileSync(`${root}${out}-meta.json`, JSON.stringify(built.metafile));
  const hash = createHash('sha256').update(wrapped).digest('hex').slice(0, 16);
  await build({
    ...common,
    ...commonJs,
    entryPoints: [loader],
    outfile: `${out}.cjs`,
    define: { MAIN_NAME: JSON.stringify(name), MAIN_HASH: JSON.stringify(hash) },
  });
  chmodSync(`${root}${out}.cjs`, 0o755);
  return built.metafile;
}
