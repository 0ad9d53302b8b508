// Builds the dashboard into dist/web, where its sources are not those that it was built from.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const sources = join(root, 'src/web');
const stamp = join(root, 'dist/web/.built-from');

/** Of all that the dashboard is made of. */
function fingerprint() {
  const hash = createHash('sha256');
  const files = ['src/web', 'src/core'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name)),
  );
  const all = [...files, join(root, 'package-lock.json'), fileURLToPath(import.meta.url)].sort();
  for (const file of all) hash.update(`${file.slice(root.length)}\0`).update(readFileSync(file));
  return hash.digest('hex');
}

export async function buildWeb() {
  const wanted = fingerprint();
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  const { build } = await import('vite');
  // Who builds within tests has another one, and React would be that for development.
  process.env.NODE_ENV = 'production';
  await build({
    configFile: false,
    root: sources,
    logLevel: 'warn',
    build: {
      outDir: join(root, 'dist/web'),
      emptyOutDir: true,
      target: 'es2022',
      // Everything is a file of its own: the policy of the pages allows nothing inline.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      rolldownOptions: {
        // Directives of another kind of React program.
        onLog: (level, log, handle) => {
          if (log.code !== 'MODULE_LEVEL_DIRECTIVE') handle(level, log);
        },
      },
    },
  });
  writeFileSync(stamp, wanted);
}
