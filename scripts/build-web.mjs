// Builds the dashboard into dist/web, if its sources have changed since it was last built.
import { compileFunction } from 'node:vm';
import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build as bundle } from 'esbuild';
import { classicStart } from './classic-start.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const sources = join(root, 'src/web');
const stamp = join(root, 'dist/web/.built-from');

/** A hash of all the dashboard's sources. */
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

const common = { bundle: true, write: false, define: { 'process.env.NODE_ENV': '"production"' } };

/** The frame of every page as HTML, so that it is shown before the scripts have loaded. */
async function frameHtml() {
  const { outputFiles } = await bundle({
    ...common,
    entryPoints: [join(sources, 'prerender.tsx')],
    format: 'cjs',
    platform: 'node',
    jsx: 'automatic',
    external: ['./filter-selects.tsx'],
  });
  const page = { location: { pathname: '/', search: '' }, addEventListener: () => undefined };
  const module = { exports: {} };
  const names = ['module', 'exports', 'require', 'window'];
  const run = compileFunction(outputFiles[0].text, names);
  run(module, module.exports, createRequire(import.meta.url), page);
  return module.exports.html.replace(/^<link[^>]*>/, '');
}

/** Puts the frame into the page, and the small script that queues events until React has loaded. */
async function framePlugin() {
  const { outputFiles } = await bundle({
    ...common,
    entryPoints: [join(sources, 'boot.ts')],
    format: 'iife',
    target: 'es2022',
    minify: true,
  });
  const source = outputFiles[0].text;
  const hash = createHash('sha256').update(source).digest('base64url').slice(0, 8);
  const fileName = `assets/boot-${hash}.js`;
  const frame = await frameHtml();
  return {
    name: 'frame',
    enforce: 'pre',
    // Vite's helper loads the style sheets of chunks; there are none, and it takes 6 ms of the start.
    load: (id) =>
      id.includes('vite/preload-helper') ? 'export const __vitePreload = (load) => load();' : null,
    generateBundle: {
      order: 'post',
      handler(_, made) {
        const start = classicStart(made, (code) => this.parse(code));
        for (const file of [{ fileName, source }, start]) this.emitFile({ type: 'asset', ...file });
        // The small script comes first, so that the theme is set before the first paint. React's script comes
        // after the frame and runs as soon as it has loaded: an async or deferred script would wait for the
        // browser's first paint, which takes longer.
        const [boot, react] = [fileName, start.fileName].map(
          (name) => `<script src="/${name}"></script>`,
        );
        const page = made['index.html'];
        page.source = page.source
          .replace(/^ *<script type="module".*\n/m, '')
          .replaceAll(/^ *<link rel="modulepreload".*\n/gm, '')
          .replaceAll(' crossorigin', '')
          .replace('<link rel="stylesheet"', (sheet) => `${boot}\n    ${sheet}`)
          .replace('<!--frame--></div>', () => `${frame}</div>\n    ${react}`);
      },
    },
  };
}

export async function buildWeb() {
  const wanted = fingerprint();
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  const { build } = await import('vite');
  // Tests set another value, with which React would be built for development.
  process.env.NODE_ENV = 'production';
  await build({
    configFile: false,
    root: sources,
    plugins: [await framePlugin()],
    logLevel: 'warn',
    build: {
      outDir: join(root, 'dist/web'),
      emptyOutDir: true,
      // The licences of the bundled packages require that they are distributed with the bundle.
      license: { fileName: 'THIRD-PARTY-NOTICES.md' },
      target: 'es2022',
      // The first versions that support light-dark().
      cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
      // Nothing is inlined, as the pages' content security policy does not allow it.
      assetsInlineLimit: 0,
      modulePreload: false,
      rolldownOptions: {
        // Ignores directives for React Server Components, which do not apply here.
        onLog: (level, log, handle) => {
          if (log.code !== 'MODULE_LEVEL_DIRECTIVE') handle(level, log);
        },
      },
    },
  });
  writeFileSync(stamp, wanted);
}
