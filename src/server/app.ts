import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { secureHeaders } from 'hono/secure-headers';
import * as z from 'zod';
import { answerFrom } from './answer.ts';
import { openApiDocument } from './openapi.ts';
import { Problem, problemOf } from './problem.ts';
import type { Route } from './route.ts';
import { figures } from './routes/inner.ts';
import { routes } from './routes/index.ts';
import { CONTENT_SECURITY_POLICY, authorize, sameSite, takeTokenFromAddress } from './security.ts';
import type { Server } from './server.ts';
import { pageFiles } from './static.ts';
import { streamQuery } from './stream.ts';
import { checked, queryOf } from './query.ts';

/** What a request goes by in the metrics: an address of somebody's own making is no label. */
type App = Hono<{ Variables: { route: string } }>;

/** All that is answered. Every request is one of this machine's, by its own name, before anything else. */
export function createApp(server: Server, webFolder: string): App {
  const app: App = new Hono();
  app.onError((error, context) => refuse(context, error));
  app.use(timed(server));
  app.use(
    secureHeaders({
      contentSecurityPolicy: CONTENT_SECURITY_POLICY,
      referrerPolicy: 'no-referrer',
      xFrameOptions: 'DENY',
      strictTransportSecurity: false,
      crossOriginResourcePolicy: 'same-origin',
    }),
  );
  app.use(sameSite(server.host, server.port));
  for (const route of routes) addRoute(app, route, server);
  addOwn(app, server);
  app.get('/', (context, next) => {
    const found = takeTokenFromAddress(context, server.tokens, server.port());
    return found ?? next();
  });
  app.use('*', async (context, next) => {
    authorize(context, 'token', server.tokens, server.port());
    await next();
  });
  app.route('/', pageFiles(webFolder));
  app.notFound((context) =>
    refuse(context, new Problem(404, 'not_found', `there is no ${context.req.path}`)),
  );
  return app;
}

function addRoute(app: App, route: Route, server: Server): void {
  const path = route.path.replaceAll(/\{(\w+)\}/g, ':$1');
  const guard = async (context: Context, next: () => Promise<void>): Promise<void> => {
    context.set('route', route.path);
    authorize(context, route.access, server.tokens, server.port());
    await next();
  };
  const answer = (context: Context): Promise<Response> => answerFrom(context, route, server);
  if (route.method === 'get') app.get(path, guard, answer);
  else app.post(path, guard, limited(route.body?.maxBytes ?? 0), answer);
  app.all(path, guard, (context) => {
    const allowed = route.method.toUpperCase();
    context.header('allow', allowed);
    throw new Problem(405, 'method_not_allowed', `${route.path} takes ${allowed} alone`);
  });
}

function limited(maxSize: number) {
  return bodyLimit({
    maxSize,
    onError: (context) => {
      // What is still being sent is not waited for.
      context.header('connection', 'close');
      throw new Problem(413, 'too_large', `a body has at most ${maxSize} bytes`);
    },
  });
}

/** What no thread is asked for. */
function addOwn(app: App, server: Server): void {
  const { threads, metrics, stream, version } = server;
  const ask = (name: string): Promise<string | null> =>
    threads.ask('reports', {
      kind: 'route',
      name,
      query: {},
      body: new Uint8Array(),
      receivedAtMs: Date.now(),
    });
  // Open: a supervisor asks, and is told nothing of anyone.
  app.get('/healthz', async (context) => {
    const ledger = await ask('get ledger-check').then(
      () => 'ok',
      (error: unknown) => problemOf(error).code,
    );
    const status = ledger === 'ok' ? 'ok' : 'degraded';
    return context.json(
      { status, name: 'tallyhook', version, pid: process.pid, ledger },
      ledger === 'ok' ? 200 : 503,
    );
  });
  const guard = async (context: Context, next: () => Promise<void>): Promise<void> => {
    context.set('route', context.req.path);
    authorize(context, 'token', server.tokens, server.port());
    await next();
  };
  app.get('/openapi.json', guard, (context) => context.json(openApiDocument(version)));
  app.get('/metrics', guard, async (context) => {
    const text = await ask('get ledger-figures').catch(() => null);
    const ledger = text === null ? null : (JSON.parse(text) as z.output<typeof figures>);
    return context.body(await metrics.text(ledger), 200, { 'content-type': metrics.contentType });
  });
  app.get('/api/costs/stream', guard, (context) => {
    const last = context.req.header('last-event-id');
    if (last !== undefined && !/^\d{1,15}$/.test(last)) {
      throw new Problem(400, 'bad_parameter', 'is no id of an event', 'Last-Event-ID');
    }
    const query = checked(streamQuery, queryOf(context));
    return stream.open(query, last === undefined ? null : Number(last));
  });
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
  const { status, code, message, field } = problemOf(error);
  context.header('cache-control', 'no-store');
  if (status === 401) context.header('www-authenticate', 'Bearer realm="tallyhook"');
  if (status === 503) context.header('retry-after', '1');
  return context.json({ error: { code, message, field } }, status as 400);
}
