import { chmodSync, mkdirSync, readFileSync, writeFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryHome } from '../helpers/home.ts';
import { Served, ask, until } from '../helpers/program/server.ts';

test('--open gives the browser an address that works once and holds no token', async () => {
  const home = temporaryHome();
  const bin = join(home.folder, 'bin');
  const said = join(home.folder, 'opened');
  mkdirSync(bin);
  writeFileSync(join(bin, 'browse'), `#!/bin/sh\nprintf %s "$1" >"${said}"\n`);
  chmodSync(join(bin, 'browse'), 0o755);
  const served = await Served.start(home, ['--open'], { BROWSER: join(bin, 'browse') });
  const read = (): string => (existsSync(said) ? readFileSync(said, 'utf8') : '');
  await until(
    () => read() !== '',
    () => 'the browser was not started',
  );
  const address = new URL(read());
  expect(address.origin).toBe(served.url);
  expect(address.href).not.toContain(served.token);
  const visit = () =>
    ask({ host: '127.0.0.1', port: served.port, path: address.pathname + address.search });
  const first = await visit();
  expect([first.status, first.headers.location]).toEqual([303, '/']);
  const [cookie = ''] = first.headers['set-cookie'] ?? [];
  expect(cookie).not.toContain(served.token);
  const headers = { authorization: '', cookie: cookie.split(';')[0] ?? '' };
  expect((await served.ask('/api/costs', { headers })).status).toBe(200);
  expect((await visit()).status).toBe(401);
});

test('without a browser it says so, and serves', async () => {
  const served = await Served.start(temporaryHome(), ['--open'], { BROWSER: '/nowhere/browser' });
  await until(
    () => served.stderr !== '',
    () => 'nothing was said',
  );
  expect(served.stderr).toContain('open the address yourself');
  await served.get('/api/costs/summary');
});

test('a browser without the token is told what to open, not shown JSON', async () => {
  const served = await Served.start(temporaryHome());
  const answer = await served.ask('/', { headers: { authorization: '', accept: 'text/html' } });
  expect([answer.status, answer.headers['content-type']]).toEqual([
    401,
    'text/html; charset=UTF-8',
  ]);
  expect(answer.text).toContain('tallyhook serve');
  const asked = await served.ask('/api/costs', {
    headers: { authorization: '', accept: 'text/html' },
  });
  expect(asked.headers['content-type']).toContain('application/json');
});
