import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import Compiled from 'better-sqlite3';

/** From here on better-sqlite3 13 is used, which comes built: docs/adr/0014-two-builds-of-sqlite.md. */
const FIRST_PREBUILT_MAJOR = 22;

/** What has to be there for a Node: an addon that was compiled for it, or a package that brings its own. */
export type SqliteProgram = { kind: 'addon'; path: string } | { kind: 'package'; path: string };

/** @param nodeVersion as in `v20.19.0` @throws where it is not installed */
export function sqliteProgram(nodeVersion: string): SqliteProgram {
  const isPrebuilt = Number.parseInt(nodeVersion.replace('v', ''), 10) >= FIRST_PREBUILT_MAJOR;
  return isPrebuilt
    ? { kind: 'package', path: findPackageFolder('better-sqlite3-prebuilt') }
    : { kind: 'addon', path: addonPath() };
}

/** @throws SQLite's own error, or what keeps its addon from being loaded */
export function connect(path: string, options: Compiled.Options): Compiled.Database {
  const program = sqliteProgram(process.version);
  if (program.kind === 'addon') {
    return new Compiled(path, { ...options, nativeBinding: program.path });
  }
  const Prebuilt = createRequire(import.meta.url)(program.path) as typeof Compiled;
  return new Prebuilt(path, options);
}

/**
 * The compiled addon's file. Given to better-sqlite3 outright: its own search for it loads two
 * more packages and probes a dozen folders at every start.
 */
function addonPath(): string {
  const file = 'build/Release/better_sqlite3.node';
  const beside = join(import.meta.dirname, '../../node_modules/better-sqlite3', file);
  return existsSync(beside) ? beside : join(findPackageFolder('better-sqlite3'), file);
}

function findPackageFolder(name: string): string {
  return dirname(createRequire(import.meta.url).resolve(`${name}/package.json`));
}
