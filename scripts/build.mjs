// Builds dist/: the hook and the statusline as one CommonJS file each, the command line as one lazy
// chunk per command.
import { execFileSync } from 'node:child_process';
import { chmodSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { buildCachedExecutable, common } from './cached-executable.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
rmSync(`${root}dist`, { recursive: true, force: true });

await buildCachedExecutable({
  main: 'src/hook/main.ts',
  loader: 'hooks/record.ts',
  out: 'dist/hooks/record',
});
await buildCachedExecutable({
  main: 'src/statusline/main.ts',
  loader: 'hooks/statusline.ts',
  out: 'dist/hooks/statusline',
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
// V8's code for the executables, for this Node.
execFileSync(process.execPath, [`${root}dist/cli.js`, 'hook-path', '--prepare']);
