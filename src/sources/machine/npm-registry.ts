import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { asObject, asText, parseJson } from '../../core/lang/json.ts';
import { UserError } from '../../core/lang/user-error.ts';
import { DOWNLOAD_HINT, UnreachableError, download } from './download.ts';
import { readGivenFile } from '../files/given-file.ts';

export interface Package {
  version: string;
  /** Day of its publication; null if the registry does not state it. */
  date: string | null;
  /** The tarball, its sha512 verified. */
  tarball: Uint8Array;
}

const TIMEOUT_MS = 30_000;

/**
 * The newest version of a package, from the registry that the user's npm is configured for. It is
 * requested directly, which takes a third of a second; if that fails, through npm, which supports
 * proxies, certificates and passwords.
 * @throws UserError naming what failed
 */
export async function fetchPackage(name: string): Promise<Package> {
  try {
    return await fetchDirectly(name);
  } catch (error) {
    if (!(error instanceof UnreachableError)) throw error;
    return fetchThroughNpm(name) ?? Promise.reject(error);
  }
}

async function fetchDirectly(name: string): Promise<Package> {
  const registry = findRegistry(name);
  const packument = asObject(parseJson(await fetchText(`${registry}${name.replace('/', '%2f')}`)));
  const version = asText(asObject(packument?.['dist-tags'])?.['latest']);
  const manifest = asObject(asObject(packument?.['versions'])?.[version ?? '']);
  const dist = asObject(manifest?.['dist']);
  const [address, integrity] = [asText(dist?.['tarball']), asText(dist?.['integrity'])];
  if (version === null || address === null) {
    throw new UserError(`the registry has no version of ${name}`, DOWNLOAD_HINT);
  }
  const tarball = await download(atRegistry(address, registry));
  verify(tarball, integrity, `${name} ${version}`);
  const published = asText(asObject(packument?.['time'])?.[version]);
  return { version, date: published?.slice(0, 10) ?? null, tarball };
}

/** Null if npm can't get it either. `npm pack` of a registry package runs none of its scripts. */
function fetchThroughNpm(name: string): Package | null {
  const folder = mkdtempSync(join(tmpdir(), 'tallyhook-prices-'));
  try {
    const options = ['--json', '--fetch-retries=0', '--ignore-scripts'];
    const view = asObject(
      parseJson(npm(['view', `${name}@latest`, 'version', 'dist.integrity', 'time', ...options])),
    );
    const version = asText(view?.['version']);
    if (version === null) return null;
    npm(['pack', `${name}@${version}`, '--pack-destination', folder, ...options]);
    const [file = ''] = readdirSync(folder).filter((one) => one.endsWith('.tgz'));
    const tarball = readGivenFile(join(folder, file));
    verify(tarball, asText(view?.['dist.integrity']), `${name} ${version}`);
    const published = asText(asObject(view?.['time'])?.[version]);
    return { version, date: published?.slice(0, 10) ?? null, tarball };
  } catch (error) {
    if (error instanceof UserError) throw error;
    return null;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Asks npm, whose configuration can come from many places. */
function findRegistry(name: string): string {
  const scope = name.startsWith('@') ? [`${name.split('/')[0]}:registry`] : [];
  let text = '';
  try {
    text = npm(['config', 'get', ...scope, 'registry']);
  } catch {
    throw new UserError('npm does not say which registry it uses', DOWNLOAD_HINT);
  }
  // For one key npm prints the value; for several `key=value` lines, with `undefined` for unset ones.
  const values = text.split('\n').map((line) => line.replace(/^\S*registry ?= ?/, '').trim());
  const registry = values.find((value) => /^https?:\/\//.test(value));
  if (registry === undefined) throw new UserError('npm has no registry configured', DOWNLOAD_HINT);
  return registry.endsWith('/') ? registry : `${registry}/`;
}

/** @throws if npm fails */
function npm(args: string[]): string {
  return execFileSync('npm', args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    timeout: TIMEOUT_MS,
    // On Windows npm is a script.
    shell: process.platform === 'win32',
  });
}

/** A mirror may list the addresses of the registry it mirrors; the download has to come from the mirror. */
function atRegistry(address: string, registry: string): string {
  const url = new URL(address, registry);
  if (url.host === new URL(registry).host) return url.href;
  return new URL(url.pathname.slice(1), registry).href;
}

function verify(tarball: Uint8Array, integrity: string | null, what: string): void {
  const expected = /(?:^|\s)sha512-(\S+)/.exec(integrity ?? '')?.[1];
  if (expected === undefined)
    throw new UserError(`the registry gives no sha512 for ${what}`, DOWNLOAD_HINT);
  if (createHash('sha512').update(tarball).digest('base64') !== expected) {
    throw new UserError(
      `${what}: the download does not match the registry's sha512; nothing was changed`,
      'Try again. If it keeps happening, something between you and the registry alters the download.',
    );
  }
}

async function fetchText(address: string): Promise<string> {
  return new TextDecoder().decode(await download(address));
}
