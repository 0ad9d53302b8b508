// Builds dist/: the hook as one CommonJS file, the command line as one lazy chunk per command.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
rmSync(`${root}dist`, { recursive: true, force: true });

const common = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node20.19',
  minify: true,
  legalComments: 'none',
  logLevel: 'warning',
  metafile: true,
};

// `bindings` searches for the addon; src/store/open.ts names it outright.
const commonJs = {
  format: 'cjs',
  external: ['bindings'],
  define: { 'import.meta.dirname': '__dirname', 'import.meta.url': '__filename' },
};
const main = await build({
  ...common,
  ...commonJs,
  entryPoints: ['src/hook/main.ts'],
  outfile: 'dist/hooks/record-main.cjs',
  write: false,
});
const code = main.outputFiles[0].text;
// The wrapper that Node puts around a module, as far as the bundle needs it.
const wrapped = `(function(module,require,__dirname){var exports=module.exports,__filename=__dirname+"/record-main.cjs";${code}\n})`;
mkdirSync(`${root}dist/hooks`, { recursive: true });
writeFileSync(`${root}dist/hooks/record-main.cjs`, wrapped);
writeFileSync(`${root}dist/hooks/meta.json`, JSON.stringify(main.metafile));
const hash = createHash('sha256').update(wrapped).digest('hex').slice(0, 16);
await build({
  ...common,
  ...commonJs,
  entryPoints: ['hooks/record.ts'],
  outfile: 'dist/hooks/record.cjs',
  define: { MAIN_HASH: JSON.stringify(hash) },
});
chmodSync(`${root}dist/hooks/record.cjs`, 0o755);

// Threads of the command line that read rows.
await build({
  ...common,
  ...commonJs,
  entryPoints: ['src/store/scan-thread.ts'],
  outfile: 'dist/scan-thread.cjs',
});

await build({
  ...common,
  entryPoints: ['src/cli.ts'],
  outdir: 'dist',
  format: 'esm',
  splitting: true,
  chunkNames: 'chunks/[name]-[hash]',
  packages: 'external',
});
chmodSync(`${root}dist/cli.js`, 0o755);
// V8's code for the hook, for this Node.
execFileSync(process.execPath, [`${root}dist/cli.js`, 'hook-path', '--prepare']);
