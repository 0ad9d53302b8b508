// Builds dist/: the hook as one CommonJS file, the command line as one lazy chunk per command.
import { chmodSync, rmSync, writeFileSync } from 'node:fs';
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

const hooks = await build({
  ...common,
  entryPoints: ['hooks/record.ts'],
  outdir: 'dist/hooks',
  outExtension: { '.js': '.cjs' },
  format: 'cjs',
  // `bindings` searches for the addon; src/store/open.ts names it outright.
  external: ['bindings'],
  define: { 'import.meta.dirname': '__dirname', 'import.meta.url': '__filename' },
});
writeFileSync(`${root}dist/hooks/meta.json`, JSON.stringify(hooks.metafile));

await build({
  ...common,
  entryPoints: ['src/cli.ts'],
  outdir: 'dist',
  format: 'esm',
  splitting: true,
  chunkNames: 'chunks/[name]-[hash]',
  packages: 'external',
});
chmodSync(`${root}dist/hooks/record.cjs`, 0o755);
chmodSync(`${root}dist/cli.js`, 0o755);
