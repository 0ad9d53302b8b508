// npm runs this after an install in a checkout. After `npm ci --omit=dev` esbuild is not installed, and the
// built files either exist already or are not needed, so a missing esbuild must not fail the install. Without SQLite nothing works.
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

/** One line about what the build or this Node lacks; npm says nothing when an optional dependency fails. */
function missingSqlite() {
  const needsCompiling = Number.parseInt(process.versions.node, 10) < FIRST_PREBUILT_MAJOR;
  const tools =
    'Install Python, make, a C++ compiler and the headers of this Node (or name them: npm_config_nodedir=DIR)';
  if (!hasPackage('better-sqlite3/package.json')) {
    // Its JavaScript is bundled on every Node, and npm removes all of a package that does not compile.
    return needsCompiling
      ? `better-sqlite3 did not compile for Node ${process.versions.node}. ${tools}, then run npm ci again. Node 22 and later need no compiler.`
      : 'better-sqlite3 did not compile, and the build needs its sources. Run: npm ci --ignore-scripts && npm run build';
  }
  if (!needsCompiling) {
    return hasPackage('better-sqlite3-prebuilt')
      ? null
      : 'better-sqlite3-prebuilt is not installed. Run npm ci with this Node.';
  }
  const folder = dirname(createRequire(import.meta.url).resolve('better-sqlite3/package.json'));
  return existsSync(join(folder, 'build/Release/better_sqlite3.node'))
    ? null
    : `better-sqlite3 is not compiled for Node ${process.versions.node}. ${tools}, then run: npm rebuild better-sqlite3`;
}

const missing = missingSqlite();
if (missing !== null) {
  console.error(`tallyhook: ${missing}`);
  process.exitCode = 1;
} else if (hasPackage('esbuild') && existsSync(new URL('../src', import.meta.url))) {
  await import('./build.mjs');
} else console.log('tallyhook: nothing built (esbuild is not installed)');
