import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { pageFiles } from '../../src/server/http/static.ts';

/** A dashboard as a build leaves it, and a file beside it. */
function dashboard(): string {
  const root = mkdtempSync(join(tmpdir(), 'tallyhook-web-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const folder = join(root, 'web');
  mkdirSync(join(folder, 'assets'), { recursive: true });
  writeFileSync(join(folder, 'index.html'), '<!doctype html><title>board</title>');
  writeFileSync(join(folder, 'assets/main-a1b2.js'), 'export {};');
  writeFileSync(join(root, 'secret.txt'), 'the secret');
  return folder;
}

test("the dashboard's files are served as they are, its own addresses as its page", async () => {
  const app = pageFiles(dashboard());
  const get = async (
    path: string,
    accept = 'text/html',
  ): Promise<[number, string | null, string]> => {
    const answer = await app.request(path, { headers: { accept } });
    return [answer.status, answer.headers.get('cache-control'), await answer.text()];
  };
  const page = '<!doctype html><title>board</title>';
  expect(await get('/')).toEqual([200, 'no-cache', page]);
  expect(await get('/sessions/s1')).toEqual([200, 'no-cache', page]);
  expect(await get('/assets/main-a1b2.js', '*/*')).toEqual([
    200,
    'public, max-age=31536000, immutable',
    'export {};',
  ]);
  expect((await get('/assets/gone.js', '*/*'))[0]).toBe(404);
  expect((await get('/api/costs/nothing'))[0]).toBe(404);
  for (const path of [
    '/../secret.txt',
    '/..%2fsecret.txt',
    '/%2e%2e/secret.txt',
    '/assets/..%2f..%2fsecret.txt',
  ]) {
    expect((await get(path))[2]).not.toContain('the secret');
  }
});

test('without a dashboard the page says what there is', async () => {
  const answer = await pageFiles('/nonexistent').request('/');
  expect(answer.status).toBe(200);
  expect(await answer.text()).toContain('this build has no dashboard');
  expect((await pageFiles('/nonexistent').request('/other')).status).toBe(404);
});
