import type { Context } from 'hono';
import { parseQuery, readQuery } from './query.ts';
import type { Route } from './route.ts';
import { formatRouteName } from '../routes/index.ts';
import type { Server } from '../server.ts';

/** Requests in progress by route and query: an identical request shares the answer. */
const pending = new Map<string, Promise<string | null>>();

/** Checks a request, has a worker answer it, and returns the answer's text. @throws Problem */
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
  const request = (): Promise<string | null> =>
    server.threads.ask(thread, { kind: 'route', name, query, body, receivedAtMs });
  if (isSending) {
    const text = await request();
    // So that the stream sends it now, not at the next poll.
    if (server.stream.listeners > 0) void server.freshness.check();
    return json(context, text, null);
  }
  await server.freshness.ensure();
  const key = `${name} ${JSON.stringify(query)}`;
  let answer = pending.get(key);
  if (answer === undefined) {
    answer = request().finally(() => pending.delete(key));
    pending.set(key, answer);
  }
  return json(context, await answer, server.freshness.refreshedAtMs);
}

/** @param refreshedAtMs the answer has all that was in the transcripts at this time; null: unknown */
function json(context: Context, text: string | null, refreshedAtMs: number | null): Response {
  if (refreshedAtMs !== null) {
    context.header('x-refreshed-at', new Date(refreshedAtMs).toISOString());
  }
  const headers = { 'cache-control': 'no-store', 'content-type': 'application/json' };
  return context.body(text ?? '', 200, headers);
}
