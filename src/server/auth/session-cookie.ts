import { createHmac } from 'node:crypto';
import { isToken } from './token.ts';

/** What a cookie is valid for: one ledger, served on one port, with one token. */
export interface SessionScope {
  token: string;
  ledger: string;
  port: number;
}

const DAYS = 30;
export const SESSION_SECONDS = DAYS * 86_400;

/** The name contains the port, as browsers share cookies between all ports of a host. */
export function cookieName(port: number): string {
  return `tallyhook-${port}`;
}

/**
 * The cookie of a browser that is signed in: `EXPIRES.MAC`, EXPIRES in seconds since 1970. A browser sends it
 * to every port of this machine, so it does not reveal the token, and another server does not accept it.
 * The server stores no sessions: a browser stays signed in when the server is restarted on the same port.
 */
export function sessionCookie(scope: SessionScope, nowMs: number): string {
  const expires = Math.floor(nowMs / 1000) + SESSION_SECONDS;
  return `${expires}.${signSession(scope, expires)}`;
}

export function isSession(given: string, scope: SessionScope, nowMs: number): boolean {
  const [, text, mac] = /^(\d{1,12})\.([\w-]+)$/.exec(given) ?? [];
  if (text === undefined || mac === undefined) return false;
  const expires = Number(text);
  return isToken(mac, signSession(scope, expires)) && expires > nowMs / 1000;
}

function signSession({ token, ledger, port }: SessionScope, expires: number): string {
  const text = JSON.stringify(['tallyhook session', ledger, port, expires]);
  return createHmac('sha256', token).update(text).digest('base64url');
}
