import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { type RequestListener, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createGzip, gzipSync } from 'node:zlib';
import { describe, expect, onTestFinished, test } from 'vitest';
import { DOWNLOAD_LIMITS, download } from '../../src/sources/machine/download.ts';
import { readTarball } from '../../src/sources/files/tarball.ts';
import { type Home, temporaryHome } from '../helpers/home.ts';
import { cli } from '../helpers/program/run.ts';
import { cliBeside, tarball } from '../helpers/program/registry.ts';

const MEGABYTE = 1024 * 1024;
const GOOD = '{"models": {"claude-opus-4-8": {"input": 6, "output": 25}}}';

/** A server on this machine that answers as it is told. */
async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

/** Answers without an end, as fast as it is read; @returns how much was sent, MB */
function endless(packed: boolean, headers: Record<string, string> = {}) {
  const sent = { megabytes: 0 };
  const piece = Buffer.alloc(MEGABYTE);
  const listener: RequestListener = (_, response) => {
    response.writeHead(200, { ...headers, ...(packed ? { 'content-encoding': 'gzip' } : {}) });
    const target = packed ? createGzip() : response;
    if (packed) (target as ReturnType<typeof createGzip>).pipe(response);
    const write = (): void => {
      while (!response.destroyed && sent.megabytes < 1000) {
        sent.megabytes++;
        if (!target.write(piece)) return void target.once('drain', write);
      }
      response.end();
    };
    write();
  };
  return { listener, sent };
}

/** One file of a name that is wanted, its header saying this of its size. */
function withSize(field: string | Buffer): Buffer {
  const header = Buffer.alloc(1024);
  header.write('package/x.json', 0);
  Buffer.from(field).copy(header, 124, 0, 12);
  return gzipSync(header);
}

const SIZES: [string, string | Buffer][] = [
  ['negative', '-0001000'],
  ['negative by one block', '-00000001000'],
  ['in binary', Buffer.from([0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0])],
  ['negative in binary', Buffer.alloc(12, 0xff)],
  ['in decimal', '99'],
  ['no number', 'NaN'],
  ['with a fraction', '1.5'],
  ['in exponents', '1e3'],
  ['in hexadecimal', '0x200'],
  ['two numbers', '7 7'],
  ['huge', '777777777777'],
];

describe('an archive', () => {
  test.each(SIZES)('with a size that is %s is refused in one line', (_, field) => {
    const home = temporaryHome();
    const packed = withSize(field);
    writeFileSync(join(home.folder, 'evil.tgz'), packed);
    // In a process of its own, which can be stopped where it hangs.
    const run = cli(home, ['pricing', 'update', '--from', 'evil.tgz']);
    expect(run).toMatchObject({ status: 1, signal: null, stdout: '' });
    expect(run.stderr).toMatch(/^tallyhook: prices are unchanged: the archive .*\n$/);
    expect(() => readTarball(packed, () => true)).toThrow(/^the archive (?:gives|ends)/);
  });

  test('whose sizes are written in other ways that are right is read', () => {
    for (const field of ['0', '', '00000000000\0', ' 0 \0', '000000000000']) {
      expect([...readTarball(withSize(field), () => true)]).toEqual([['x.json', '']]);
    }
    const files = readTarball(tarball({ 'a.json': 'A'.repeat(513), 'b.json': 'B' }), () => true);
    expect([...files.values()].map((text) => text.length)).toEqual([513, 1]);
  });

  test('that is a bomb is refused', () => {
    const home = temporaryHome();
    writeFileSync(join(home.folder, 'bomb.tgz'), gzipSync(Buffer.alloc(257 * MEGABYTE)));
    const run = cli(home, ['pricing', 'update', '--from', 'bomb.tgz']);
    expect(run).toMatchObject({ status: 1, signal: null });
    expect(run.stderr).toMatch(/^tallyhook: .*unpacks to more than 256 MB\n$/);
  });
});

describe('a download', () => {
  test.each([
    ['as it is', false, {}],
    ['packed', true, {}],
    ['with a length that is too large', false, { 'content-length': String(5e9) }],
  ])('without an end, %s, is read up to the limit and no further', async (_, packed, headers) => {
    const { listener, sent } = endless(packed, headers);
    const address = await serve(listener);
    await expect(download(address, { ...DOWNLOAD_LIMITS, bytes: 4 * MEGABYTE })).rejects.toThrow(
      '/ could not be fetched: it has more than 4 MB',
    );
    // Packed, a network's buffer holds much of it.
    expect(sent.megabytes).toBeLessThan(packed ? 1000 : 100);
  });

  test('with a length that is too small is no longer than that', async () => {
    const address = await serve(({ socket }) => {
      socket.end(`HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n${'x'.repeat(MEGABYTE)}`);
    });
    expect((await download(address)).length).toBe(5);
  });

  test('that trickles is stopped by the time for all of it', async () => {
    const address = await serve((_, response) => {
      const timer = setInterval(() => response.write('x'), 20);
      response.on('close', () => clearInterval(timer));
    });
    await expect(download(address, { ...DOWNLOAD_LIMITS, timeoutMs: 500 })).rejects.toThrow(
      'it took more than 0.5 s',
    );
  });

  test('follows redirections of the web alone, and not for ever', async () => {
    const address = await serve(({ url = '' }, response) => {
      if (url === '/good') return void response.end('good');
      const to = decodeURIComponent(url.slice(1)) || '/';
      response.writeHead(302, { location: to }).end();
    });
    expect(Buffer.from(await download(`${address}%2Fgood`)).toString()).toBe('good');
    for (const to of ['file:///etc/passwd', 'ftp://127.0.0.1/', 'data:text/plain,x']) {
      await expect(download(address + encodeURIComponent(to))).rejects.toThrow(
        /, which is not allowed$/,
      );
    }
    await expect(download(address)).rejects.toThrow('more than 5 redirections');
  });

  test('--from and the registry say so in one line, and ask npm for nothing', async () => {
    const { listener } = endless(true);
    const home = temporaryHome();
    const asked: string[] = [];
    const address = await serve((request, response) => {
      asked.push(request.url ?? '');
      listener(request, response);
    });
    for (const args of [['--from', address], []]) {
      const run = await cliBeside(home, ['pricing', 'update', ...args], {
        npm_config_registry: address,
      });
      expect(run).toMatchObject({ status: 1, signal: null, stdout: '' });
      expect(run.stderr).toMatch(/^tallyhook: prices are unchanged: .* it has more than 64 MB\n/);
    }
    expect(asked).toHaveLength(2);
  });
});

describe('pricing update --from a path', () => {
  const KINDS: [string, (path: string) => void, RegExp][] = [
    ['a pipe', (path) => void spawnSync('mkfifo', [path]), /not a regular file/],
    ['a folder', (path) => mkdirSync(path), /not a regular file/],
    ['/dev/zero', (path) => symlinkSync('/dev/zero', path), /not a regular file/],
    [
      '/proc/self/pagemap',
      (path) => symlinkSync('/proc/self/pagemap', path),
      /more than 64 MB|invalid argument/,
    ],
    ['nothing', (path) => rmSync(path, { force: true }), /no such file/],
    ['a link to itself', (path) => symlinkSync(path, path), /can't be read/],
    [
      'more than 64 MB',
      (path) => {
        writeFileSync(path, GOOD);
        truncateSync(path, 64 * MEGABYTE + 1);
      },
      /more than 64 MB/,
    ],
  ];
  test.skipIf(process.platform !== 'linux').each(KINDS)('that is %s', (_, make, reason) => {
    const home: Home = temporaryHome();
    const path = join(home.folder, 'prices.json');
    make(path);
    const run = cli(home, ['pricing', 'update', '--from', path]);
    expect(run).toMatchObject({ status: 2, signal: null, stdout: '' });
    expect(run.stderr).toMatch(/^tallyhook: \S+ can't be read: .*\n$/);
    expect(run.stderr).toMatch(reason);
  });

  test('that is a link to a price file is read', () => {
    const home = temporaryHome();
    writeFileSync(join(home.folder, 'real.json'), GOOD);
    symlinkSync(join(home.folder, 'real.json'), join(home.folder, 'link.json'));
    expect(cli(home, ['pricing', 'update', '--from', 'link.json']).status).toBe(0);
  });
});
