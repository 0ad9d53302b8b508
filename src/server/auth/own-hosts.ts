import { isIP } from 'node:net';
import { hostname } from 'node:os';
import { UserError } from '../../core/lang/user-error.ts';

/** What decides which names the server goes by. */
export interface OwnHosts {
  /** The address that the server listens on. */
  host: string;
  /** Other names that the user allows, as `toHostName` returns them. */
  allowed: readonly string[];
}

const LOOPBACK = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;
const NAME = /^[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?$/;
const HOST_HEADER = /^(\[[0-9a-f:.]+\]|[^:]+)(?::\d{1,5})?$/;

export function isLoopback(host: string): boolean {
  return LOOPBACK.test(bracketed(host));
}

/** The name in a Host header in lower case, without its port; null if it names no host. */
export function hostNameOf(header: string): string | null {
  const name = HOST_HEADER.exec(header)?.[1] ?? '';
  return isHostName(name) ? name : null;
}

/** A name that the user allows, as a Host header has it. @throws UserError */
export function toHostName(given: string): string {
  const name = bracketed(given.trim().toLowerCase());
  if (isHostName(name)) return name;
  throw new UserError(
    `--allow-host: '${given.slice(0, 80)}' is not a host name`,
    'Give a name or an IP address without scheme, port and wildcards, e.g. host.docker.internal.',
  );
}

/**
 * Whether requests may name this host. A page elsewhere can't: its own name is in the Host header, also
 * where that name resolves to this machine. A server that listens beyond loopback also accepts IP addresses
 * and the names of this machine: an IP address can't have been resolved from a name.
 */
export function isOwnHost(name: string, { host, allowed }: OwnHosts): boolean {
  if (LOOPBACK.test(name) || allowed.includes(name)) return true;
  if (isLoopback(host)) return false;
  return name === hostname().toLowerCase() || name === host.toLowerCase() || isAddress(name);
}

function isHostName(name: string): boolean {
  return name.startsWith('[') ? isAddress(name) : NAME.test(name);
}

function isAddress(name: string): boolean {
  return isIP(name.replaceAll(/^\[|\]$/g, '')) !== 0;
}

/** An IPv6 address as it is written in a URL. */
function bracketed(host: string): string {
  return host.includes(':') && !host.startsWith('[') ? `[${host}]` : host;
}
