import { BlockList, isIP } from 'node:net';

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');

/** As a socket takes it: an IPv6 address without its brackets. */
export function bareHost(host: string): string {
  return /^\[(.*)\]$/.exec(host)?.[1] ?? host;
}

/**
 * Whether a mail to this server goes over TLS or not at all: unless the server is this machine, by its name or
 * by an address written in full.
 */
export function needsTls(host: string): boolean {
  const bare = bareHost(host);
  const family = isIP(bare);
  if (family === 0) return !/^localhost\.?$/i.test(bare);
  // What stands behind a zone is not looked at.
  return bare.includes('%') || !LOOPBACK.check(bare, family === 4 ? 'ipv4' : 'ipv6');
}
