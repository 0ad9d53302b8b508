import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { serveStatic } from '@hono/node-server/serve-static';
import { type Context, Hono } from 'hono';

/** Serves the dashboard; if it was not built, a page that lists the API's addresses. */
export function pageFiles(folder: string): Hono {
  const app = new Hono();
  if (!existsSync(join(folder, 'index.html'))) {
    app.get('/', (context) => context.html(NO_DASHBOARD));
    return app;
  }
  app.use('*', async (context, next) => {
    await next();
    if (context.res.status !== 200) return;
    // The names of assets contain a hash of their content.
    const isAsset = context.req.path.startsWith('/assets/');
    context.header('cache-control', isAsset ? 'public, max-age=31536000, immutable' : 'no-cache');
  });
  app.use('*', serveStatic({ root: folder }));
  // The dashboard routes its own addresses in the browser.
  app.get('*', async (context, next) => {
    if (!isForPerson(context)) return next();
    return serveStatic({ root: folder, path: 'index.html' })(context, next);
  });
  return app;
}

/** Whether a browser requests a page to show, rather than data for a page. */
export function isForPerson({ req }: Context): boolean {
  const isPage = req.header('accept')?.includes('text/html') === true;
  return isPage && !/^\/(?:api|assets|metrics|openapi)\b/.test(req.path);
}

export const NOT_SIGNED_IN = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>tallyhook</title>
<h1>This browser is not signed in</h1>
<p>Open the address that <code>tallyhook serve</code> prints, or start it with <code>--open</code>.</p>
</html>
`;

const NO_DASHBOARD = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>tallyhook</title>
<h1>tallyhook</h1>
<p>The server is running, but this build has no dashboard. The data is at
<a href="/api/costs/summary?groupBy=model">/api/costs/summary</a>,
<a href="/api/costs">/api/costs</a>,
<a href="/api/costs/sessions">/api/costs/sessions</a> and, live,
<a href="/api/costs/stream">/api/costs/stream</a>.
<a href="/openapi.json">/openapi.json</a> describes all addresses.</p>
</html>
`;
