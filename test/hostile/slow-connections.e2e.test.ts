import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type Socket, connect } from 'node:net';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { ConnectionLimits } from '../../src/server/http/connections.ts';
import { temporaryHome } from '../helpers/home.ts';
import { ask, until } from '../helpers/program/server.ts';
import { pause } from '../helpers/program/tail.ts';

const serverFile = fileURLToPath(new URL('../../dist/server.cjs', import.meta.url));
const SHORT = { headersMs: 300, requestMs: 600, idleMs: 300 };
const MAIN = `
  const { file, options } = JSON.parse(process.argv[1]);
  require(file).startServer({ ...options, env: process.env, warn: console.error })
    .then(({ address }) => console.log(address));`;

interface Started {
  port: number;
  token: string;
}

/** The built server with limits of the test's own. */
async function start(limits: Partial<ConnectionLimits>): Promise<Started> {
  const { folder, env } = temporaryHome();
  const options = { version: '0', host: '127.0.0.1', port: 0, tokenFile: null, allowedHosts: [] };
  const rest = { isRefreshing: false, webFolder: '/nonexistent', limits };
  const given = JSON.stringify({ file: serverFile, options: { ...options, ...rest } });
  const child = spawn(process.execPath, ['-e', MAIN, given], { cwd: folder, env });
  onTestFinished(() => void child.kill('SIGKILL'));
  let text = '';
  child.stdout.on('data', (data) => (text += String(data)));
  child.stderr.on('data', (data) => (text += String(data)));
  await until(
    () => /token=\S+\n/.test(text),
    () => `it does not start: ${text}`,
  );
  const [, port, token = ''] = /:(\d+)\/\?token=(\S+)/.exec(text) ?? [];
  return { port: Number(port), token };
}

async function opened({ port }: Started): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  socket.resume();
  onTestFinished(() => void socket.destroy());
  await once(socket, 'connect');
  return socket;
}

function get({ port, token }: Started, path: string): string {
  const authorization = `Authorization: Bearer ${token}`;
  return `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n${authorization}\r\n\r\n`;
}

function post({ port, token }: Started): string {
  const headers = `Host: 127.0.0.1:${port}\r\nAuthorization: Bearer ${token}`;
  return `POST /hook HTTP/1.1\r\n${headers}\r\nContent-Length: 10000\r\n\r\n`;
}

/** Writes a text, and a piece again and again until the server closes the connection. */
async function trickle(socket: Socket, first: string, piece: string): Promise<void> {
  socket.write(first);
  let closed = false;
  socket.once('close', () => (closed = true));
  await until(
    () => {
      if (!closed && piece !== '') socket.write(piece);
      return closed;
    },
    () => `it stays open: ${first.slice(0, 200)}`,
  );
}

async function health({ port }: Started): Promise<number> {
  return (await ask({ host: '127.0.0.1', port, path: '/healthz' })).status;
}

describe('the server closes by itself', () => {
  test.each<[string, (started: Started) => [string, string]]>([
    ['a connection without a byte', () => ['', '']],
    ['one with half a line', () => ['GET / HT', '']],
    ['one whose headers come a byte at a time', () => ['GET / HTTP/1.1\r\nX: ', 'x']],
    ['one whose headers never end', () => ['GET / HTTP/1.1\r\n', 'A: b\r\n']],
    ['one that sends empty lines', () => ['', '\r\n']],
    ['one whose body does not come', (started) => [post(started), '']],
    ['one whose body comes a byte at a time', (started) => [post(started), ' ']],
    ['one that is kept and asks nothing more', (started) => [get(started, '/healthz'), '']],
    ['one that is kept by empty lines', (started) => [get(started, '/healthz'), '\r\n']],
    [
      'one that is kept and begins another request',
      (started) => [`${get(started, '/healthz')}GET / HT`, ''],
    ],
  ])('%s', async (_, make) => {
    const started = await start(SHORT);
    await trickle(await opened(started), ...make(started));
    expect(await health(started)).toBe(200);
  });
});

test('an answer that nobody reads is given up', async () => {
  const started = await start({ silentMs: 500 });
  const socket = await opened(started);
  socket.pause();
  socket.write(get(started, '/openapi.json').repeat(400));
  await until(
    async () => {
      // A socket that is not read hears of its end when it writes; often would count as activity.
      await pause(2000);
      socket.write('\r\n');
      return socket.destroyed;
    },
    () => 'it stays open',
  );
  expect(await health(started)).toBe(200);
});

test('an event stream stays open beyond all of them', async () => {
  const started = await start(SHORT);
  const socket = await opened(started);
  let text = '';
  socket.on('data', (data) => (text += data.toString()));
  socket.write(get(started, '/api/costs/stream'));
  await trickle(await opened(started), post(started), ' ');
  await trickle(await opened(started), get(started, '/healthz'), '\r\n');
  await pause(500);
  expect(text).toContain(': listening');
  expect(socket.destroyed).toBe(false);
});

describe('more connections than there may be', () => {
  const most = 20;

  test('the oldest without a request makes room, and everybody is answered', async () => {
    const started = await start({ most });
    const sockets: Socket[] = [];
    for (let index = 0; index < most * 4; index++) {
      const socket = await opened(started);
      sockets.push(socket);
      socket.write(index % 2 === 0 ? 'GET / HT' : post(started));
    }
    await until(
      () => sockets.filter(({ destroyed }) => !destroyed).length <= most,
      () => 'more stay open than may',
    );
    expect(sockets[0]?.destroyed).toBe(true);
    for (let run = 0; run < most; run++) expect(await health(started)).toBe(200);
  });

  test('streams are kept; where all are at work a new one is refused', async () => {
    const started = await start({ most });
    const streams = await Promise.all(
      Array.from({ length: most }, async () => {
        const socket = await opened(started);
        socket.write(get(started, '/api/costs/stream'));
        await once(socket, 'data');
        return socket;
      }),
    );
    await expect(health(started)).rejects.toThrow(/ECONNRESET|socket hang up/);
    expect(streams.filter(({ destroyed }) => destroyed)).toEqual([]);
    streams[0]?.destroy();
    await until(
      async () => (await health(started).catch(() => 0)) === 200,
      () => 'nobody is answered any more',
    );
  });
});
