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
 * Refuses what was not meant for this server: a page elsewhere that resolves its own name to this
 * machine (Host), or that sends its visitor's browser here (Origin). Beyond loopback addresses are taken,
 * and the names of this machine: an address in Host can't have been resolved from a name.
 * @param port is asked when it is known
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
      throw new Problem(403, 'foreign_host', 'this server goes by another name');
    }
    const origin = context.req.header('origin');
    if (origin !== undefined && origin.toLowerCase() !== `http://${given}`) {
      throw new Problem(403, 'foreign_origin', 'pages of other origins may not ask this server');
    }
    const site = context.req.header('sec-fetch-site');
    if (site === 'cross-site' && context.req.header('sec-fetch-mode') !== 'navigate') {
      throw new Problem(403, 'foreign_origin', 'pages of other origins may not ask this server');
    }
    await next();
  };
}

/** The part of the server that knows who may ask. */
export type Gate = Pick<Server, 'tokens' | 'port' | 'ledger' | 'onceKeys'>;

function toSessionScope({ tokens, ledger, port }: Gate): SessionScope {
  return { token: tokens.token, ledger, port: port() };
}

/** Who asks has to have the token as `Authorization: Bearer`, or the cookie of a browser. @throws Problem */
export function authorize(context: Context, access: Access, gate: Gate): void {
  if (access === 'open') return;
  const { tokens } = gate;
  const bearer = /^Bearer +(\S+) *$/i.exec(context.req.header('authorization') ?? '')?.[1];
  if (bearer !== undefined) {
    if (isToken(bearer, tokens.token)) return;
    const isIngest = isToken(bearer, tokens.ingestToken);
    if (isIngest && access === 'ingest') return;
    if (isIngest)
      throw new Problem(403, 'forbidden', 'this token lets events in and reads nothing');
  } else {
    const cookie = getCookie(context, cookieName(gate.port()));
    if (cookie !== undefined && isSession(cookie, toSessionScope(gate), Date.now())) {
      // A header is never sent by itself; a cookie is, also for a page of another port of this machine.
      if (access === 'change') refuseForged(context, tokens);
      return;
    }
  }
  throw new Problem(
    401,
    'unauthorized',
    'the token is missing or wrong: open the address that `tallyhook serve` prints, or send Authorization: Bearer',
  );
}

/** @throws Problem where the CSRF token is missing: the request was not made by a page of ours */
function refuseForged(context: Context, tokens: Tokens): void {
  const given = context.req.header('x-csrf-token') ?? '';
  if (isToken(given, tokens.csrfToken)) return;
  throw new Problem(403, 'csrf', 'changes want the X-CSRF-Token that /api/csrf answers');
}

/** The address that `serve` prints sets the cookie, and is left at once: no history keeps the token. */
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

/** Nothing from elsewhere, nothing inline, in no frame. */
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
