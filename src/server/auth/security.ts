import { isIP } from 'node:net';
import { hostname } from 'node:os';
import type { Context, MiddlewareHandler } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import { Problem } from '../http/problem.ts';
import type { Access } from '../http/route.ts';
import type { Server } from '../server.ts';
import {
  SESSION_SECONDS,
  type SessionScope,
  cookieName,
  isSession,
  sessionCookie,
} from './session-cookie.ts';
import { type Tokens, isToken } from './token.ts';

const LOOPBACK = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

export function isLoopback(host: string): boolean {
  return LOOPBACK.test(host.includes(':') && !host.startsWith('[') ? `[${host}]` : host);
}

/**
 * Refuses requests from other sites: from a page whose own host name resolves to this machine (checked by
 * Host), and from a page that makes its visitor's browser send requests here (checked by Origin). A server
 * that listens beyond loopback also accepts IP addresses and the names of this machine as Host: an IP
 * address can't have been resolved from a name.
 * @param port called per request, as the port is known only once the server listens
 */
export function sameSite(host: string, port: () => number): MiddlewareHandler {
  const names = new Set([hostname().toLowerCase(), host.toLowerCase()]);
  return async (context, next) => {
    const given = (context.req.header('host') ?? '').toLowerCase();
    const [, name = '', givenPort] = /^(\[[^\]]*\]|[^:]*)(?::(\d+))?$/.exec(given) ?? [];
    const isOurs = isLoopback(host)
      ? LOOPBACK.test(name)
      : LOOPBACK.test(name) || names.has(name) || isIP(name.replace(/^\[|\]$/g, '')) !== 0;
    if (!isOurs || Number(givenPort ?? 80) !== port()) {
      throw new Problem(403, 'foreign_host', 'the Host header does not name this server');
    }
    const origin = context.req.header('origin');
    if (origin !== undefined && origin.toLowerCase() !== `http://${given}`) {
      throw new Problem(
        403,
        'foreign_origin',
        'pages of other origins may not send requests to this server',
      );
    }
    const site = context.req.header('sec-fetch-site');
    if (site === 'cross-site' && context.req.header('sec-fetch-mode') !== 'navigate') {
      throw new Problem(
        403,
        'foreign_origin',
        'pages of other origins may not send requests to this server',
      );
    }
    await next();
  };
}

/** The parts of the server that decide who has access. */
export type Gate = Pick<Server, 'tokens' | 'port' | 'ledger' | 'onceKeys'>;

function toSessionScope({ tokens, ledger, port }: Gate): SessionScope {
  return { token: tokens.token, ledger, port: port() };
}

/** Requires the token as `Authorization: Bearer`, or a browser's session cookie. @throws Problem */
export function authorize(context: Context, access: Access, gate: Gate): void {
  if (access === 'open') return;
  const { tokens } = gate;
  const bearer = /^Bearer +(\S+) *$/i.exec(context.req.header('authorization') ?? '')?.[1];
  if (bearer !== undefined) {
    if (isToken(bearer, tokens.token)) return;
    const isIngest = isToken(bearer, tokens.ingestToken);
    if (isIngest && access === 'ingest') return;
    if (isIngest)
      throw new Problem(403, 'forbidden', 'the ingest token can send events but not read');
  } else {
    const cookie = getCookie(context, cookieName(gate.port()));
    if (cookie !== undefined && isSession(cookie, toSessionScope(gate), Date.now())) {
      // Unlike a header, a cookie is sent automatically, also for a page of another port of this machine.
      if (access === 'change') refuseForged(context, tokens);
      return;
    }
  }
  throw new Problem(
    401,
    'unauthorized',
    'the token is missing or wrong: open the address that `tallyhook serve` prints, or send Authorization: Bearer TOKEN',
  );
}

/** @throws Problem if the CSRF token is missing or wrong: the request was not made by one of our pages */
function refuseForged(context: Context, tokens: Tokens): void {
  const given = context.req.header('x-csrf-token') ?? '';
  if (isToken(given, tokens.csrfToken)) return;
  throw new Problem(
    403,
    'csrf',
    'changes need an X-CSRF-Token header with the token from /api/csrf',
  );
}

/** Sets the cookie for the address that `serve` prints. Redirects at once, so that no history keeps the token. */
export function takeTokenFromAddress(context: Context, gate: Gate): Response | null {
  const given = context.req.query('token');
  if (given === undefined) return null;
  if (!gate.onceKeys.delete(given) && !isToken(given, gate.tokens.token)) {
    throw new Problem(401, 'unauthorized', 'the token in the address is wrong', 'token');
  }
  setCookie(context, cookieName(gate.port()), sessionCookie(toSessionScope(gate), Date.now()), {
    httpOnly: true,
    sameSite: 'Strict',
    path: '/',
    maxAge: SESSION_SECONDS,
  });
  return context.redirect('/', 303);
}

/** Allows nothing from other origins, nothing inline, and no embedding in frames. */
export const CONTENT_SECURITY_POLICY = {
  defaultSrc: ["'none'"],
  scriptSrc: ["'self'"],
  styleSrc: ["'self'"],
  imgSrc: ["'self'", 'data:'],
  fontSrc: ["'self'"],
  connectSrc: ["'self'"],
  manifestSrc: ["'self'"],
  baseUri: ["'none'"],
  formAction: ["'none'"],
  frameAncestors: ["'none'"],
};
