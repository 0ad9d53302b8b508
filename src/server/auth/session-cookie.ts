import { createHmac } from 'node:crypto';
import { isToken } from './token.ts';

/** What a cookie is good for: this server alone. */
export interface SessionScope {
  token: string;
  ledger: string;
  port: number;
}

const DAYS = 30;
export const SESSION_SECONDS = DAYS * 86_400;

/** Cookies know no ports: two servers on one machine have one each. */
export function cookieName(port: number): string {
  return `tallyhook-${port}`;
}

/**
 * The cookie of a browser that is signed in: `EXPIRES.MAC`, EXPIRES in seconds since 1970. A browser sends it
 * to every port of this machine, so the token can't be found from it, and another server does not take
 * it. Nothing is kept: a browser stays signed in when the server is started again on its port.
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
  const what = JSON.stringify(['tallyhook session', ledger, port, expires]);
  return createHmac('sha256', token).update(what).digest('base64url');
}
