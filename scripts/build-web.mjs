// Builds the dashboard into dist/web, where its sources are not those that it was built from.
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

const common = { bundle: true, write: false, define: { 'process.env.NODE_ENV': '"production"' } };

/** What every page begins with, as HTML, so that it is there before the scripts are. */
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

/** Puts the frame into the page, and behind it the small script that keeps what is done with it. */
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
    // Vite's loads the style sheets of chunks, which there are none of, and takes 6 ms of the start.
    load: (id) =>
      id.includes('vite/preload-helper') ? 'export const __vitePreload = (load) => load();' : null,
    generateBundle: {
      order: 'post',
      handler(_, made) {
        const start = classicStart(made, (code) => this.parse(code));
        for (const file of [{ fileName, source }, start]) this.emitFile({ type: 'asset', ...file });
        // The small one first: the theme is there before anything is drawn. React's stands behind the frame, and runs
        // as soon as both are there: what is async or deferred waits for the browser's first drawing, which takes longer.
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
  // Who builds within tests has another one, and React would be that for development.
  process.env.NODE_ENV = 'production';
  await build({
    configFile: false,
    root: sources,
    plugins: [await framePlugin()],
    logLevel: 'warn',
    build: {
      outDir: join(root, 'dist/web'),
      emptyOutDir: true,
      // The licences of what it is bundled from ask to be handed on.
      license: { fileName: 'THIRD-PARTY-NOTICES.md' },
      target: 'es2022',
      // Those that have light-dark().
      cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
      // Everything is a file of its own: the policy of the pages allows nothing inline.
      assetsInlineLimit: 0,
      modulePreload: false,
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
