import { existsSync, readlinkSync } from 'node:fs';
import type { Environment } from './paths.ts';

const ZONES = '/usr/share/zoneinfo/';

/**
 * The IANA name of the machine's time zone, from where the C library reads it. Asking Intl takes ten
 * milliseconds, so that is only done on machines that configure it elsewhere.
 */
export function machineZoneName(env: Environment): string {
  const name = env['TZ'] === undefined ? linkedZone() : namedZone(env['TZ']);
  if (name === null) return Intl.DateTimeFormat().resolvedOptions().timeZone;
  return name === 'Etc/UTC' ? 'UTC' : name;
}

function namedZone(text: string): string | null {
  const name = text.replace(/^:/, '');
  return /^[A-Za-z][\w+/-]*$/.test(name) && existsSync(ZONES + name) ? name : null;
}

function linkedZone(): string | null {
  try {
    const target = readlinkSync('/etc/localtime');
    const at = target.indexOf('/zoneinfo/');
    return at < 0 ? null : namedZone(target.slice(at + '/zoneinfo/'.length));
  } catch {
    return null;
  }
}
