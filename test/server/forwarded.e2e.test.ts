// The server behind a port forward (ssh -L, an editor, a container): the browser sends another port or name.
import { describe, expect, test } from 'vitest';
import { cli } from '../helpers/program/run.ts';
import { temporaryHome } from '../helpers/home.ts';
import { Served, errorOf, signIn } from '../helpers/program/server.ts';

const PATH = '/api/costs/summary';

describe('a forward to another port', () => {
  test('is answered under every loopback name', async () => {
    const served = await Served.start(temporaryHome());
    for (const host of [
      'localhost:9000',
      'LOCALHOST:9000',
      '127.0.0.1:9000',
      '[::1]:9000',
      'localhost',
    ]) {
      const origin = `http://${host.toLowerCase()}`;
      expect((await served.ask(PATH, { headers: { host } })).status, host).toBe(200);
      expect((await served.ask(PATH, { headers: { host, origin } })).status, host).toBe(200);
    }
  });

  test('signs a browser in, and lets its page change something', async () => {
    const served = await Served.start(temporaryHome());
    const host = 'localhost:9000';
    const signedIn = await served.ask(`/?token=${served.token}`, {
      headers: { authorization: '', host },
    });
    expect([signedIn.status, signedIn.headers.location]).toEqual([303, '/']);
    const cookie = signedIn.headers['set-cookie']?.[0]?.split(';')[0] ?? '';
    const page = { authorization: '', host, cookie };
    const csrf = await served.ask('/api/csrf', { headers: page });
    const { csrfToken } = JSON.parse(csrf.text) as { csrfToken: string };
    const post = (headers: Record<string, string>) =>
      served.ask('/api/costs/budgets', {
        method: 'POST',
        body: JSON.stringify({ name: 'daily', limit: 1, per: 'day' }),
        headers: { ...page, 'content-type': 'application/json', ...headers },
      });
    const origin = `http://${host}`;
    expect((await post({ origin })).status).toBe(403);
    expect((await post({ origin, 'x-csrf-token': csrfToken })).status).toBe(200);
  });

  test('lets no page of another port or scheme send requests', async () => {
    const served = await Served.start(temporaryHome());
    const cookie = await signIn(served);
    for (const origin of [
      `http://localhost:${served.port}`,
      'http://localhost:3000',
      'http://127.0.0.1:9000',
      'https://localhost:9000',
      'http://localhost:9000.evil.example',
      'null',
    ]) {
      const headers = { authorization: '', cookie, host: 'localhost:9000', origin };
      const answer = await served.ask(PATH, { headers });
      expect([answer.status, errorOf(answer).code], origin).toEqual([403, 'foreign_origin']);
      expect(errorOf(answer).message, origin).toContain(origin);
    }
  });
});

describe('another name', () => {
  test('is refused, with the name and the flag that allows it', async () => {
    const served = await Served.start(temporaryHome());
    for (const [host, message] of [
      [
        'host.docker.internal:8255',
        'the Host header says host.docker.internal:8255, which does not name this server: to allow it, start tallyhook serve with --allow-host host.docker.internal',
      ],
      [
        '192.168.1.7:8255',
        'the Host header says 192.168.1.7:8255, which does not name this server: to allow it, start tallyhook serve with --allow-host 192.168.1.7',
      ],
    ] as const) {
      const answer = await served.ask(PATH, { headers: { host } });
      expect([answer.status, errorOf(answer)], host).toEqual([
        403,
        { code: 'foreign_host', message, field: null },
      ]);
    }
  });

  test('that is none is refused', async () => {
    const served = await Served.start(temporaryHome(), ['--allow-host', 'box']);
    for (const host of [
      'a b:1',
      'localhost:9000:1',
      'localhost:x',
      'box@evil.example',
      '[box]:1',
      '_',
    ]) {
      const { status } = await served.ask(PATH, { headers: { host } });
      expect(status, host).toBeOneOf([400, 403]);
    }
  });

  test('is answered if --allow-host names it, on any port, and no other is', async () => {
    const served = await Served.start(temporaryHome(), [
      '--allow-host=host.docker.internal',
      '--allow-host=Box-8255.Example.dev',
      '--allow-host=192.168.1.7',
      '--allow-host=fd00::7',
    ]);
    const status = async (headers: Record<string, string>): Promise<number> =>
      (await served.ask(PATH, { headers })).status;
    for (const host of [
      'host.docker.internal:8255',
      'box-8255.example.dev',
      '192.168.1.7:1',
      '[fd00::7]:8255',
      `127.0.0.1:${served.port}`,
    ]) {
      expect(await status({ host }), host).toBe(200);
    }
    for (const host of [
      'evil.example',
      'example.dev',
      'x.box-8255.example.dev',
      'box-8255.example.dev.evil.example',
      '192.168.1.8',
    ]) {
      expect(await status({ host }), host).toBe(403);
    }
  });

  test('may be served over TLS by a proxy; its pages are those of this Host alone', async () => {
    const served = await Served.start(temporaryHome(), ['--allow-host', 'box.example.dev']);
    const host = 'box.example.dev';
    const status = async (origin: string): Promise<number> =>
      (await served.ask(PATH, { headers: { host, origin } })).status;
    expect(await status('https://box.example.dev')).toBe(200);
    expect(await status('http://box.example.dev')).toBe(200);
    for (const origin of [
      'https://box.example.dev:444',
      'https://evil.example',
      'https://other.example.dev',
      'http://localhost:9000',
      'ftp://box.example.dev',
    ]) {
      expect(await status(origin), origin).toBe(403);
    }
    const loopback = { host: 'localhost:9000', origin: 'https://box.example.dev' };
    expect((await served.ask(PATH, { headers: loopback })).status).toBe(403);
  });

  test('has to be a name or an address', () => {
    const home = temporaryHome();
    for (const name of ['*', 'http://box', 'box:8255', '.example.dev', 'a,b', '[::1]:80']) {
      const { status, stderr } = cli(home, ['serve', '--port', '0', `--allow-host=${name}`]);
      expect([name, status]).toEqual([name, 2]);
      expect(stderr).toContain(`--allow-host: '${name}' is not a host name`);
    }
  });
});
