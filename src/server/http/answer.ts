import type { Context } from 'hono';
import { parseQuery, readQuery } from './query.ts';
import type { Route } from './route.ts';
import { formatRouteName } from '../routes/index.ts';
import type { Server } from '../server.ts';

/** The same question while it is being answered is not asked twice. */
const asking = new Map<string, Promise<string | null>>();

/** Checks a request, has a thread answer it, and hands on the text. @throws Problem */
export async function answerFrom(
  context: Context,
  route: Route,
  server: Server,
): Promise<Response> {
  const receivedAtMs = Date.now();
  const query = parseQuery(route.query, readQuery(context));
  const name = formatRouteName(route);
  const thread = typeof route.thread === 'string' ? route.thread : route.thread(query);
  const isSending = route.method !== 'get';
  const body = isSending ? new Uint8Array(await context.req.arrayBuffer()) : new Uint8Array();
  const ask = (): Promise<string | null> =>
    server.threads.ask(thread, { kind: 'route', name, query, body, receivedAtMs });
  if (isSending) {
    const text = await ask();
    // The stream tells of it now, not at its next look.
    if (server.stream.listeners > 0) void server.freshness.look();
    return json(context, text, null);
  }
  await server.freshness.ensure();
  const key = `${name} ${JSON.stringify(query)}`;
  let found = asking.get(key);
  if (found === undefined) {
    found = ask().finally(() => asking.delete(key));
    asking.set(key, found);
  }
  return json(context, await found, server.freshness.refreshedAtMs);
}

/** @param refreshedAtMs what was in the transcripts by then is in the answer */
function json(context: Context, text: string | null, refreshedAtMs: number | null): Response {
  if (refreshedAtMs !== null) {
    context.header('x-refreshed-at', new Date(refreshedAtMs).toISOString());
  }
  const headers = { 'cache-control': 'no-store', 'content-type': 'application/json' };
  return context.body(text ?? '', 200, headers);
}
