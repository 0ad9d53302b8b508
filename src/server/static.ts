import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { serveStatic } from '@hono/node-server/serve-static';
import { Hono } from 'hono';

/** The dashboard's files, where it was built; without it a page that says what there is. */
export function pageFiles(folder: string): Hono {
  const app = new Hono();
  if (!existsSync(join(folder, 'index.html'))) {
    app.get('/', (context) => context.html(NO_DASHBOARD));
    return app;
  }
  app.use('*', async (context, next) => {
    await next();
    if (context.res.status !== 200) return;
    // Names of assets hold their content's hash.
    const isAsset = context.req.path.startsWith('/assets/');
    context.header('cache-control', isAsset ? 'public, max-age=31536000, immutable' : 'no-cache');
  });
  app.use('*', serveStatic({ root: folder }));
  // Addresses within the dashboard are its own.
  app.get('*', async (context, next) => {
    const isPage = context.req.header('accept')?.includes('text/html') === true;
    if (!isPage || /^\/(?:api|assets)\//.test(context.req.path)) return next();
    return serveStatic({ root: folder, path: 'index.html' })(context, next);
  });
  return app;
}

const NO_DASHBOARD = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>tallyhook</title>
<h1>tallyhook</h1>
<p>The server works; this build has no dashboard. The numbers are at
<a href="/api/costs/summary?groupBy=model">/api/costs/summary</a>,
<a href="/api/costs">/api/costs</a>,
<a href="/api/costs/sessions">/api/costs/sessions</a> and, as they come,
<a href="/api/costs/stream">/api/costs/stream</a>;
<a href="/openapi.json">/openapi.json</a> has every address.</p>
</html>
`;
