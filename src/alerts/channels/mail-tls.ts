import { BlockList, isIP } from 'node:net';

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');

/** The host as a socket expects it: an IPv6 address without its brackets. */
export function bareHost(host: string): string {
  return /^\[(.*)\]$/.exec(host)?.[1] ?? host;
}

/**
 * Whether TLS is required for a mail to this server. It is, unless the server is this machine, by the name
 * localhost or by a loopback address in full notation.
 */
export function needsTls(host: string): boolean {
  const bare = bareHost(host);
  const family = isIP(bare);
  if (family === 0) return !/^localhost\.?$/i.test(bare);
  // An address with a zone is never treated as loopback.
  return bare.includes('%') || !LOOPBACK.check(bare, family === 4 ? 'ipv4' : 'ipv6');
}
