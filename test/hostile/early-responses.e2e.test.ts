import { once } from 'node:events';
import { type Socket, connect } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { temporaryHome } from '../helpers/home.ts';
import { recordedIds } from '../helpers/recorded.ts';
import { append, request, toolEvent, transcriptPath } from '../helpers/lines.ts';
import { Served } from '../helpers/program/server.ts';
import { isThorough } from '../helpers/thorough.ts';

const MEGABYTE = 1024 * 1024;
const PIECE = Buffer.alloc(MEGABYTE, 'x');
/** How often each is tried: one in fourteen was lost. */
const RUNS = Number(process.env['EARLY_RUNS'] ?? (isThorough ? 8 : 4));

interface Sent {
  line: string;
  headers?: string[];
  isChunked?: boolean;
  megabytes: number;
  /** Reads nothing before all of it was sent, as many clients do. */
  readsLast?: boolean;
}

async function opened(served: Served): Promise<Socket> {
  const socket = connect(served.port, '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  await once(socket, 'connect');
  return socket;
}

function head(served: Served, { line, headers = [], isChunked, megabytes }: Sent): string {
  const length =
    isChunked === true
      ? 'Transfer-Encoding: chunked'
      : `Content-Length: ${String(megabytes * MEGABYTE)}`;
  return [`${line} HTTP/1.1`, `Host: 127.0.0.1:${served.port}`, length, ...headers, '', ''].join(
    '\r\n',
  );
}

/** Sends a request whatever is answered meanwhile; @returns what came until the connection's end */
async function upload(served: Served, sent: Sent): Promise<{ answer: string; error: string }> {
  const socket = await opened(served);
  let [answer, error] = ['', ''];
  socket.on('error', (problem: NodeJS.ErrnoException) => (error = problem.code ?? ''));
  const closed = new Promise((resolve) => socket.once('close', resolve));
  const read = (): void => void socket.on('data', (data) => (answer += data.toString()));
  if (sent.readsLast !== true) read();
  socket.write(head(served, sent));
  for (let index = 0; index < sent.megabytes && socket.writable; index++) {
    if (sent.isChunked === true) socket.write(`${MEGABYTE.toString(16)}\r\n`);
    const isTaken = socket.write(PIECE);
    if (sent.isChunked === true) socket.write('\r\n');
    if (!isTaken) await Promise.race([once(socket, 'drain').catch(() => undefined), closed]);
  }
  if (sent.isChunked === true && socket.writable) socket.write('0\r\n\r\n');
  read();
  await closed;
  return { answer, error };
}

async function statuses(served: Served, sent: Sent): Promise<unknown[]> {
  const found: unknown[] = [];
  for (let run = 0; run < RUNS; run++) {
    const { answer, error } = await upload(served, sent);
    found.push(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1] ?? `none (${error})`);
  }
  return [...new Set(found)];
}

describe('an answer that comes before the body was read arrives', () => {
  for (const [isChunked, length] of [
    [false, 'with its length'],
    [true, 'in chunks'],
  ] as const) {
    for (const readsLast of [false, true]) {
      test(`${length}, to a client that reads ${readsLast ? 'last' : 'at once'}`, async () => {
        const served = await Served.start(temporaryHome());
        const token = `Authorization: Bearer ${served.token}`;
        const cases: [string, string, string[], number?][] = [
          ['413', 'POST /hook', [token], 80],
          ['413', 'POST /hook', [token, 'Connection: close'], 80],
          ['413', 'POST /v1/logs', [token]],
          ['401', 'POST /hook', []],
          ['403', 'POST /hook', [token, 'Origin: http://evil.example']],
          ['404', 'POST /no', [token]],
          ['405', 'PUT /hook', [token]],
          ['401', 'GET /api/costs', []],
          ['200', 'GET /api/costs', [token, 'Connection: close']],
        ];
        for (const [status, line, headers, megabytes = 24] of cases) {
          const sent = { line, headers, isChunked, megabytes, readsLast };
          expect(await statuses(served, sent), `${line} ${headers.join()}`).toEqual([status]);
        }
        expect(served.stderr).toBe('');
      });
    }
  }

  test('where the headers are too long, or are none', async () => {
    const served = await Served.start(temporaryHome());
    for (const [status, line] of [
      ['431', `GET /${'x'.repeat(100_000)}`],
      ['400', 'GET / /'],
    ] as const) {
      const sent = { line, megabytes: 24 };
      expect(await statuses(served, sent), status).toEqual([status]);
    }
  });
});

test('what follows such an answer is never taken for a request', async () => {
  const home = temporaryHome();
  const served = await Served.start(home, ['--no-refresh']);
  const path = append(transcriptPath(home, 's1'), request({ session: 's1', id: 'smuggled' }));
  const body = JSON.stringify(toolEvent('s1', path));
  const hidden = [
    'POST /hook HTTP/1.1',
    `Host: 127.0.0.1:${served.port}`,
    `Authorization: Bearer ${served.token}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    '',
    body,
  ].join('\r\n');
  for (const line of ['POST /hook', 'POST /no', 'PUT /hook']) {
    for (const isChunked of [false, true]) {
      const socket = await opened(served);
      socket.on('error', () => undefined);
      let answer = '';
      socket.on('data', (data) => (answer += data.toString()));
      const closed = new Promise((resolve) => socket.once('close', resolve));
      socket.write(head(served, { line, isChunked, megabytes: 1 }));
      await once(socket, 'data');
      // Within the body, at its end, and behind it.
      const piece = isChunked ? '' : hidden.repeat(3000);
      socket.write(piece + (isChunked ? `0\r\n\r\n${hidden}` : '') + hidden);
      socket.end(hidden);
      await closed;
      expect(answer.match(/HTTP\/1\.1 /g), line).toHaveLength(1);
    }
  }
  expect(recordedIds(home)).toEqual([]);
});

test('a body without an end is not read for ever, and others are answered meanwhile', async () => {
  const served = await Served.start(temporaryHome());
  const socket = await opened(served);
  socket.on('error', () => undefined);
  const closed = new Promise((resolve) => socket.once('close', resolve));
  socket.write(head(served, { line: 'POST /hook', isChunked: true, megabytes: 0 }));
  let rounds = 0;
  while (!socket.destroyed) {
    socket.write(`${MEGABYTE.toString(16)}\r\n`);
    if (!socket.write(PIECE))
      await Promise.race([once(socket, 'drain').catch(() => undefined), closed]);
    socket.write('\r\n');
    if (rounds++ % 200 === 0) await served.get('/api/costs');
  }
  expect(rounds).toBeGreaterThan(0);
  await served.get('/api/costs');
});

test('a body that was read keeps its connection', async () => {
  const served = await Served.start(temporaryHome());
  const { headers } = await served.ask('/hook', {
    method: 'POST',
    body: '{}',
    headers: { connection: 'keep-alive' },
  });
  expect(headers.connection).toBe('keep-alive');
});
