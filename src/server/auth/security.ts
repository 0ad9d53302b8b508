import type { Context, MiddlewareHandler } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import { Problem } from '../http/problem.ts';
import type { Access } from '../http/route.ts';
import type { Server } from '../server.ts';
import { type OwnHosts, hostNameOf, isOwnHost } from './own-hosts.ts';
import {
  SESSION_SECONDS,
  type SessionScope,
  cookieName,
  isSession,
  sessionCookie,
} from './session-cookie.ts';
import { type Tokens, isToken } from './token.ts';

/**
 * Refuses requests from other sites: from a page whose own host name resolves to this machine (checked by
 * Host), and from a page that makes its visitor's browser send requests here (checked by Origin). The port
 * in Host may be any, since a port forward has its own, but an Origin must have the same one.
 */
export function sameSite(own: OwnHosts): MiddlewareHandler {
  return async (context, next) => {
    const host = (context.req.header('host') ?? '').toLowerCase();
    const name = hostNameOf(host);
    if (name === null) {
      const message = `the Host header says '${host.slice(0, 100)}', which is not the name of a host`;
      throw new Problem(403, 'foreign_host', message);
    }
    if (!isOwnHost(name, own)) {
      throw new Problem(
        403,
        'foreign_host',
        `the Host header says ${host}, which does not name this server: to allow it, start tallyhook serve with --allow-host ${name}`,
      );
    }
    const origin = context.req.header('origin')?.toLowerCase();
    // A proxy with TLS may be in front of a name that the user allows.
    const schemes = own.allowed.includes(name) ? ['http', 'https'] : ['http'];
    if (origin !== undefined && !schemes.some((scheme) => origin === `${scheme}://${host}`)) {
      const from = origin.slice(0, 300);
      throw new Problem(
        403,
        'foreign_origin',
        `a page of ${from} may not send requests to this server, which it asked as ${host}`,
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
