import { type Socket, connect } from 'node:net';
import { request as httpRequest } from 'node:http';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { cli } from '../helpers/program/run.ts';
import { temporaryHome } from '../helpers/home.ts';
import { recordedIds } from '../helpers/recorded.ts';
import { append, request, toolEvent, transcriptPath } from '../helpers/lines.ts';
import { type Answer, Served, ask, errorOf } from '../helpers/program/server.ts';

const MEGABYTE = 1024 * 1024;

function codes(answers: Answer[]): [number, string][] {
  return answers.map((answer) => [answer.status, errorOf(answer).code]);
}

/** Sends a body piece by piece; @returns what was answered, also where the connection was cut meanwhile */
async function upload(
  served: Served,
  headers: Record<string, string | number>,
  megabytes: number,
): Promise<number> {
  const sent = httpRequest({
    host: '127.0.0.1',
    port: served.port,
    path: '/hook',
    method: 'POST',
    headers,
    agent: false,
  });
  const answered = new Promise<number>((resolve, reject) => {
    sent.on('response', (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    });
    sent.on('close', () => reject(new Error('cut off without an answer')));
  });
  const cut = new AbortController();
  sent.setMaxListeners(0);
  sent.on('error', () => cut.abort());
  const piece = Buffer.alloc(MEGABYTE, 'x');
  for (let index = 0; index < megabytes && !cut.signal.aborted; index++) {
    if (!sent.write(piece))
      await Promise.race([once(sent, 'drain'), answered]).catch(() => undefined);
  }
  sent.end();
  return answered;
}

/** A connection that sends a request's first words and then nothing. */
async function slowConnection(served: Served): Promise<Socket> {
  const socket = connect(served.port, '127.0.0.1');
  socket.on('error', () => undefined);
  onTestFinished(() => void socket.destroy());
  await once(socket, 'connect');
  socket.write('GET /api/costs HTTP/1.1\r\nHost: 127.0.0.1');
  return socket;
}

describe('requests that were not meant for it', () => {
  test('by another name, from another page', async () => {
    const served = await Served.start(temporaryHome());
    const { port } = served;
    const path = '/api/costs/summary';
    const hosts = [
      `evil.example:${port}`,
      'evil.example',
      `127.0.0.1.evil.example:${port}`,
      `localhost.evil.example:${port}`,
      `evil.localhost:${port}`,
      `192.168.1.7:${port}`,
      `${hostname()}:${port}`,
    ];
    for (const host of hosts) {
      const answers = [
        await served.ask(path, { headers: { host } }),
        await served.ask('/healthz', { headers: { host } }),
      ];
      expect(codes(answers), host).toEqual([
        [403, 'foreign_host'],
        [403, 'foreign_host'],
      ]);
    }
    for (const host of [
      `localhost:${port}`,
      `127.0.0.1:${port}`,
      `127.0.0.5:${port}`,
      `[::1]:${port}`,
    ]) {
      expect((await served.ask(path, { headers: { host } })).status, host).toBe(200);
    }
    const origins = [
      'http://evil.example',
      'null',
      `https://127.0.0.1:${port}`,
      'http://127.0.0.1:1',
      `http://localhost:${port}`,
    ];
    for (const origin of origins) {
      const posted = await served.ask('/hook', { method: 'POST', headers: { origin }, body: '{}' });
      const answers = [await served.ask(path, { headers: { origin } }), posted];
      expect(codes(answers), origin).toEqual([
        [403, 'foreign_origin'],
        [403, 'foreign_origin'],
      ]);
      expect(answers.flatMap(({ headers }) => Object.keys(headers)).join()).not.toContain(
        'access-control',
      );
    }
    expect((await served.ask(path, { headers: { origin: served.url } })).status).toBe(200);
    const site = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' };
    expect((await served.ask(path, { headers: site })).status).toBe(403);
    const preflight = { origin: 'http://evil.example', 'access-control-request-method': 'POST' };
    expect((await served.ask('/hook', { method: 'OPTIONS', headers: preflight })).status).toBe(403);
  });

  test('without the token, or with the one that reads nothing', async () => {
    const home = temporaryHome();
    const served = await Served.start(home);
    const paths = [
      '/api/costs',
      '/api/costs/stream',
      '/metrics',
      '/openapi.json',
      '/',
      '/index.html',
      '/api/costs/no',
    ];
    for (const path of paths) {
      for (const authorization of [
        '',
        'Bearer wrong',
        `Basic ${served.token}`,
        `Bearer ${served.token}x`,
      ]) {
        const answer = await served.ask(path, { headers: { authorization } });
        expect(codes([answer]), `${path} ${authorization}`).toEqual([[401, 'unauthorized']]);
      }
    }
    expect((await served.ask('/healthz', { headers: { authorization: '' } })).status).toBe(200);
    const event = { method: 'POST', body: '{}' };
    expect((await served.ask('/hook', { ...event, headers: { authorization: '' } })).status).toBe(
      401,
    );
    // As the client's settings have it.
    const settings = cli(home, ['serve', '--hooks']).stdout;
    const headers = { authorization: /"(Bearer [^"]+)"/.exec(settings)?.[1] ?? '' };
    expect((await served.ask('/hook', { ...event, headers })).status).toBe(200);
    expect(codes([await served.ask('/api/costs', { headers })])).toEqual([[403, 'forbidden']]);
  });

  test('the printed address sets a cookie that no script reads, and is left at once', async () => {
    const served = await Served.start(temporaryHome());
    const headers = { authorization: '' };
    const answer = await served.ask(`/?token=${served.token}`, { headers });
    expect([answer.status, answer.headers.location]).toEqual([303, '/']);
    const [cookie = ''] = answer.headers['set-cookie'] ?? [];
    expect(cookie).toMatch(/^tallyhook-\d+=[^;]+; .*HttpOnly.*SameSite=Strict/);
    const [pair = ''] = cookie.split(';');
    const page = await served.ask('/', { headers: { ...headers, cookie: pair } });
    expect(page.status).toBe(200);
    expect(page.headers['content-security-policy']).toMatch(
      /^default-src 'none'; script-src 'self'; style-src 'self';/,
    );
    expect(page.headers['content-security-policy']).not.toContain('unsafe');
    expect((await served.ask('/api/costs', { headers: { ...headers, cookie: pair } })).status).toBe(
      200,
    );
    expect((await served.ask('/?token=wrong', { headers })).status).toBe(401);
    expect(
      (await served.ask('/api/costs', { headers: { ...headers, cookie: `${pair}x` } })).status,
    ).toBe(401);
  });

  test('paths that lead out of it', async () => {
    const home = temporaryHome();
    writeFileSync(join(home.folder, 'secret.txt'), 'the secret');
    const served = await Served.start(home);
    const ways = [
      '/../secret.txt',
      '/..%2f..%2fsecret.txt',
      '/%2e%2e/%2e%2e/etc/passwd',
      '/assets/../../../../etc/passwd',
      '/..\\..\\etc\\passwd',
      '//etc/passwd',
      '/%00',
      '/%',
      `/${'a/'.repeat(5000)}`,
      '/api/costs/sessions/..%2f..%2fetc%2fpasswd',
      '/api/costs/sessions/%',
      `/api/costs?project=../../etc`,
    ];
    for (const path of ways) {
      const { status, text } = await served.ask(path);
      expect([200, 400, 404, 414, 431], path).toContain(status);
      expect(text, path).not.toMatch(/root:|the secret/);
    }
    await served.get('/api/costs');
  });

  test('bodies of a hundred megabytes', async () => {
    const home = temporaryHome();
    const served = await Served.start(home);
    const authorization = `Bearer ${served.token}`;
    const length = { 'content-length': 100 * MEGABYTE };
    expect(await upload(served, { authorization, ...length }, 100)).toBe(413);
    expect(await upload(served, { authorization }, 100)).toBe(413);
    expect(await upload(served, length, 100)).toBe(401);
    const path = append(transcriptPath(home, 's1'), request({ session: 's1', id: 'after' }));
    expect((await served.hook(toolEvent('s1', path))).status).toBe(200);
    expect(recordedIds(home)).toEqual(['after']);
  });

  test('five hundred slow connections: hooks and reports go on beside them', async () => {
    const home = temporaryHome();
    const served = await Served.start(home);
    const slow = await Promise.all(Array.from({ length: 500 }, () => slowConnection(served)));
    const ids: string[] = [];
    for (let index = 0; index < 20; index++) {
      const id = `m${String(index).padStart(2, '0')}`;
      const path = append(transcriptPath(home, 's1'), request({ session: 's1', id }));
      ids.push(id);
      const { status, text } = await served.hook(toolEvent('s1', path));
      expect([status, text]).toEqual([200, '']);
      expect(recordedIds(home)).toEqual(ids);
    }
    expect(await served.get('/api/costs')).toMatchObject({ total: 20 });
    expect(slow.filter((socket) => socket.destroyed).length).toBeLessThan(500);
    expect(served.stderr).toBe('');
  });

  test('what is no HTTP', async () => {
    const served = await Served.start(temporaryHome());
    for (const text of [
      '\0\0\0\0',
      'GET\r\n\r\n',
      'POST /hook HTTP/1.1\r\nContent-Length: -1\r\n\r\n',
      'GET / HTTP/1.1\r\n\r\n',
      `GET / HTTP/1.1\r\nHost: ${'x'.repeat(100_000)}\r\n\r\n`,
    ]) {
      const socket = connect(served.port, '127.0.0.1');
      // It may be cut off before all was sent: `once` of events would take that for a failure.
      const closed = new Promise((resolve) => socket.once('close', resolve));
      socket.on('error', () => undefined);
      socket.write(text);
      socket.end();
      socket.resume();
      await closed;
    }
    await served.get('/api/costs');
    expect(served.stderr).toBe('');
  });
});

test('beyond this machine it starts with a token file alone, and goes by its addresses and name', async () => {
  const home = temporaryHome();
  const file = join(home.folder, 'token');
  const token = 'a-token-of-at-least-thirty-two-characters';
  writeFileSync(file, `${token}\n`, { mode: 0o600 });
  const served = await Served.start(home, ['--host', '0.0.0.0', '--token-file', file]);
  expect(served.token).toBe(token);
  const { port } = served;
  const status = async (host: string): Promise<number> => {
    const headers = { host, authorization: `Bearer ${token}` };
    return (await ask({ host: '127.0.0.1', port, path: '/api/costs', headers })).status;
  };
  expect(await status(`192.168.1.7:${port}`)).toBe(200);
  expect(await status(`${hostname()}:${port}`)).toBe(200);
  expect(await status(`evil.example:${port}`)).toBe(403);
});
