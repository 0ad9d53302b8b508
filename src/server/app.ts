import type { HttpBindings } from '@hono/node-server';
import type { csrfAnswer, problem } from '../schemas/answers/parts.ts';
import type { DocumentOf } from '../schemas/schema-of.ts';
import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { secureHeaders } from 'hono/secure-headers';
import * as z from 'zod';
import { answerFrom } from './http/answer.ts';
import { openApiDocument } from './http/openapi.ts';
import { Problem, toProblem } from './http/problem.ts';
import type { Access, Route } from './http/route.ts';
import { figures } from './routes/inner.ts';
import { routes } from './routes/index.ts';
import {
  CONTENT_SECURITY_POLICY,
  authorize,
  sameSite,
  takeTokenFromAddress,
} from './auth/security.ts';
import type { Server } from './server.ts';
import { NOT_SIGNED_IN, isForPerson, pageFiles } from './http/static.ts';
import { streamQuery } from './stream.ts';
import { parseQuery, readQuery } from './http/query.ts';

/** `route` labels a request in the metrics; the path that a client sends is never used as a label. */
type App = Hono<{ Bindings: HttpBindings; Variables: { route: string } }>;

/** The whole HTTP application. Host and Origin of every request are checked before it reaches a route. */
export function createApp(server: Server, webFolder: string): App {
  const app: App = new Hono();
  app.onError((error, context) => refuse(context, error));
  app.use(timed(server));
  app.use(closing());
  app.use(
    secureHeaders({
      contentSecurityPolicy: CONTENT_SECURITY_POLICY,
      referrerPolicy: 'no-referrer',
      xFrameOptions: 'DENY',
      strictTransportSecurity: false,
      crossOriginResourcePolicy: 'same-origin',
    }),
  );
  app.use(sameSite({ host: server.host, allowed: server.allowedHosts }));
  for (const route of routes) addRoute(app, route, server);
  refuseOtherMethods(app, server);
  addOwn(app, server);
  app.get('/', (context, next) => {
    const redirect = takeTokenFromAddress(context, server);
    return redirect ?? next();
  });
  app.use('*', async (context, next) => {
    authorize(context, 'token', server);
    await next();
  });
  app.route('/', pageFiles(webFolder));
  app.notFound((context) =>
    refuse(context, new Problem(404, 'not_found', `${context.req.path} does not exist`)),
  );
  return app;
}

function addRoute(app: App, route: Route, server: Server): void {
  const guard = createGuard(route.path, route.access, server);
  const answer = (context: Context): Promise<Response> => answerFrom(context, route, server);
  const path = toHonoPath(route);
  if (route.method === 'get') app.get(path, guard, answer);
  else app.on(route.method.toUpperCase(), path, guard, limited(route.body?.maxBytes ?? 0), answer);
}

/** Registered after all routes, as several may share a path. */
function refuseOtherMethods(app: App, server: Server): void {
  for (const route of routes) {
    const { path, access } = route;
    const samePath = routes.filter((one) => one.path === path);
    const allowed = samePath.map(({ method }) => method.toUpperCase()).join(', ');
    const guard = createGuard(path, access === 'change' ? 'token' : access, server);
    app.all(toHonoPath(route), guard, (context) => {
      context.header('allow', allowed);
      throw new Problem(405, 'method_not_allowed', `${path} allows only ${allowed}`);
    });
  }
}

/** The path in Hono's notation: `:name` for `{name}`. */
function toHonoPath(route: Route): string {
  return route.path.replaceAll(/\{(\w+)\}/g, ':$1');
}

function createGuard(name: string, access: Access, server: Server) {
  return async (context: Context, next: () => Promise<void>): Promise<void> => {
    context.set('route', name);
    authorize(context, access, server);
    await next();
  };
}

function limited(maxSize: number) {
  return bodyLimit({
    maxSize,
    onError: () => {
      throw new Problem(413, 'too_large', `the body may have at most ${maxSize} bytes`);
    },
  });
}

/** Routes that are answered without, or not only by, a worker. */
function addOwn(app: App, server: Server): void {
  const { threads, metrics, stream, version } = server;
  const request = (name: string): Promise<string | null> =>
    threads.ask('reports', {
      kind: 'route',
      name,
      query: {},
      body: new Uint8Array(),
      receivedAtMs: Date.now(),
    });
  // Open to supervisors without a token; the answer reveals nothing about users or spending.
  app.get('/healthz', async (context) => {
    const ledger = await request('get ledger-check').then(
      () => 'ok',
      (error: unknown) => toProblem(error).code,
    );
    const status = ledger === 'ok' ? 'ok' : 'degraded';
    return context.json(
      { status, name: 'tallyhook', version, pid: process.pid, ledger },
      ledger === 'ok' ? 200 : 503,
    );
  });
  const guard = (context: Context, next: () => Promise<void>): Promise<void> =>
    createGuard(context.req.path, 'token', server)(context, next);
  app.get('/api/csrf', guard, (context) => {
    context.header('cache-control', 'no-store');
    const { csrfToken } = server.tokens;
    return context.json({ csrfToken } satisfies DocumentOf<typeof csrfAnswer>);
  });
  app.get('/openapi.json', guard, (context) => context.json(openApiDocument(version)));
  app.get('/metrics', guard, async (context) => {
    const text = await request('get ledger-figures').catch(() => null);
    const ledger = text === null ? null : (JSON.parse(text) as z.output<typeof figures>);
    return context.body(await metrics.text(ledger), 200, { 'content-type': metrics.contentType });
  });
  app.get('/api/costs/stream', guard, (context) => {
    const last = context.req.header('last-event-id');
    if (last !== undefined && !/^\d{1,15}$/.test(last)) {
      throw new Problem(400, 'bad_parameter', 'is not a valid event id', 'Last-Event-ID');
    }
    const query = parseQuery(streamQuery, readQuery(context));
    return stream.open(query, last === undefined ? null : Number(last));
  });
}

/**
 * Closes the connection after an answer to a request whose body was not read to its end. The rest of that
 * body is then neither waited for nor parsed as the next request.
 */
function closing() {
  return async (
    context: Context<{ Bindings: HttpBindings }>,
    next: () => Promise<void>,
  ): Promise<void> => {
    await next();
    const { incoming } = context.env;
    const isUnread = incoming.readableDidRead && !incoming.readableEnded;
    if (!incoming.complete || isUnread) context.header('connection', 'close');
  };
}

function timed({ metrics }: Server) {
  return async (context: Context, next: () => Promise<void>): Promise<void> => {
    const start = performance.now();
    await next();
    const ms = performance.now() - start;
    const route = (context.get('route') as string | undefined) ?? 'other';
    metrics.observe(context.req.method, route, context.res.status, ms);
    context.header('server-timing', `total;dur=${ms.toFixed(2)}`);
  };
}

function refuse(context: Context, error: unknown): Response {
  const { status, code, message, field } = toProblem(error);
  context.header('cache-control', 'no-store');
  if (status === 401) context.header('www-authenticate', 'Bearer realm="tallyhook"');
  if (status === 503) context.header('retry-after', '1');
  if (status === 401 && isForPerson(context)) return context.html(NOT_SIGNED_IN, 401);
  const document: DocumentOf<typeof problem> = { error: { code, message, field } };
  return context.json(document, status as 400);
}
