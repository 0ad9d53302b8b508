// npm runs this after an install in a checkout. With `npm ci --omit=dev` there is no esbuild: the built files
// exist already or nobody needs them, so a missing builder must not fail the install. Without SQLite nothing works.
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** The first Node that better-sqlite3 comes compiled for (src/store/connection/sqlite.ts). */
const FIRST_PREBUILT_MAJOR = 22;

function hasPackage(name) {
  try {
    import.meta.resolve(name);
    return true;
  } catch {
    return false;
  }
}

/** npm leaves an optional dependency out without a word when it does not compile. */
function missingSqlite() {
  const major = Number.parseInt(process.versions.node, 10);
  if (major >= FIRST_PREBUILT_MAJOR) {
    return hasPackage('better-sqlite3-prebuilt')
      ? null
      : 'better-sqlite3-prebuilt is not installed. Run npm ci with this Node.';
  }
  const fix =
    'Install Python, make, a C++ compiler and the headers of this Node (or name them: npm_config_nodedir=DIR), ' +
    'then run npm ci again. Node 22 and later need no compiler.';
  if (!hasPackage('better-sqlite3/package.json')) {
    return `better-sqlite3 did not compile for Node ${process.versions.node}. ${fix}`;
  }
  const folder = dirname(createRequire(import.meta.url).resolve('better-sqlite3/package.json'));
  return existsSync(join(folder, 'build/Release/better_sqlite3.node'))
    ? null
    : `better-sqlite3 is not compiled for Node ${process.versions.node}. ${fix}`;
}

const missing = missingSqlite();
if (missing !== null) {
  console.error(`tallyhook: ${missing}`);
  process.exitCode = 1;
} else if (hasPackage('esbuild') && existsSync(new URL('../src', import.meta.url))) {
  await import('./build.mjs');
} else console.log('tallyhook: nothing built (esbuild is not installed)');
