// A package's files in memory: through the registry that the user's npm is set to, or out of a
// folder where it is unpacked. Nothing that was downloaded is executed or stays on the disk.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

/** Files of `name@version` that `isWanted`, by path, with the day that version was published. */
export function fetchPackage(name, version, isWanted) {
  const folder = mkdtempSync(join(tmpdir(), 'prices-'));
  try {
    const view = npm(['view', `${name}@${version}`, 'dist.integrity', '--json'], folder);
    const times = JSON.parse(npm(['view', name, 'time', '--json'], folder));
    const integrity = JSON.parse(view);
    npm(['pack', `${name}@${version}`, '--pack-destination', folder], folder);
    const [archive] = readdirSync(folder).filter((file) => file.endsWith('.tgz'));
    const bytes = readFileSync(join(folder, archive));
    verify(bytes, integrity, `${name}@${version}`);
    return { files: untar(gunzipSync(bytes), isWanted), date: times[version].slice(0, 10) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The same out of `folder`, which holds the package or npm's `package` folder in it. */
export function readPackage(folder, isWanted) {
  const root = existsSync(join(folder, 'package')) ? join(folder, 'package') : folder;
  const files = new Map();
  for (const path of readdirSync(root, { recursive: true }).map(String)) {
    const name = path.replaceAll('\\', '/');
    if (isWanted(name)) files.set(name, readFileSync(join(root, path), 'utf8'));
  }
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return { files, version };
}

function npm(args, cwd) {
  return execFileSync('npm', args, {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    shell: process.platform === 'win32',
  });
}

function verify(bytes, integrity, what) {
  const expected = /sha512-([A-Za-z0-9+/=]+)/.exec(integrity)?.[1];
  const actual = createHash('sha512').update(bytes).digest('base64');
  if (expected !== actual) throw new Error(`${what}: the download's sha512 is not the registry's`);
}

function untar(bytes, isWanted) {
  const files = new Map();
  for (let at = 0; at + 512 <= bytes.length;) {
    const text = (from, length) =>
      bytes.toString('utf8', at + from, at + from + length).replace(/\0.*$/s, '');
    const prefix = text(345, 155);
    const path = (prefix === '' ? '' : `${prefix}/`) + text(0, 100);
    const size = Number.parseInt(text(124, 12), 8) || 0;
    const name = path.replace(/^[^/]+\//, '');
    if (name !== '' && isWanted(name)) {
      files.set(name, bytes.toString('utf8', at + 512, at + 512 + size));
    }
    at += 512 + Math.ceil(size / 512) * 512;
  }
  return files;
}
