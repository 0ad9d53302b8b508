import { spawn } from 'node:child_process';
import { chmodSync, existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type Home, temporaryHome } from '../helpers/home.ts';
import { cli, cliFile, hook } from '../helpers/program/run.ts';
import { modesBelow, problems, recordedIds, spooled } from '../helpers/recorded.ts';
import { append, prompt, request, toolEvent, transcriptPath } from '../helpers/lines.ts';
import { pause } from '../helpers/program/tail.ts';
import { freePort } from '../helpers/free-port.ts';
import { Served, errorOf, until } from '../helpers/program/server.ts';

function write(home: Home, id: string): object {
  return toolEvent('s1', append(transcriptPath(home, 's1'), request({ session: 's1', id })));
}

/** Listens itself. */
async function takenPort(): Promise<number> {
  const server = createServer();
  onTestFinished(() => void server.close());
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return (server.address() as AddressInfo).port;
}

describe('a port that is taken', () => {
  test('by another program: by which, and which one is free', async () => {
    const port = await takenPort();
    const { status, stdout, stderr } = cli(temporaryHome(), ['serve', '--port', String(port)]);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(
      new RegExp(
        `^tallyhook: port ${port} is taken by .+ \\(process ${process.pid}\\)\n(\\d+) is free: tallyhook serve --port \\1\n$`,
      ),
    );
  });

  test('by another server of ours', async () => {
    const home = temporaryHome();
    const served = await Served.start(home);
    const { status, stderr } = cli(home, ['serve', '--port', String(served.port)]);
    expect(status).toBe(2);
    expect(stderr).toContain(`is taken by another tallyhook serve (process ${served.child.pid})`);
  });
});

test('who started it may read the address and go: it serves on', async () => {
  const home = temporaryHome();
  const port = await freePort();
  const args = [cliFile, 'serve', '--port', String(port)];
  const child = spawn(process.execPath, args, { env: home.env, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise((resolve) => {
    child.on('exit', (code, signal) => resolve([code, signal]));
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  // Before it has written anything: as where its first line was all that was read.
  child.stdout.destroy();
  child.stderr.destroy();
  const isHealthy = async (): Promise<boolean> =>
    (await fetch(`http://127.0.0.1:${port}/healthz`).catch(() => null))?.status === 200;
  await until(isHealthy, () => `it does not answer: ${child.exitCode}`);
  child.kill('SIGTERM');
  expect(await ended).toEqual([0, null]);
});

describe('what it is started with', () => {
  test('is said in one line where it is wrong', () => {
    const home = temporaryHome();
    const file = join(home.folder, 'token');
    const said = (...args: string[]): string => {
      const { status, stdout, stderr } = cli(home, ['serve', ...args]);
      expect([status, stdout]).toEqual([2, '']);
      return stderr;
    };
    expect(said('--host', '0.0.0.0')).toMatch(
      /^tallyhook: --host 0\.0\.0\.0 can be reached from other machines, so it needs a --token-file/,
    );
    expect(said('--host', '::')).toContain('--token-file');
    expect(said('--token-file', file)).toContain(`${file} does not exist`);
    writeFileSync(file, 'short', { mode: 0o600 });
    expect(said('--token-file', file)).toContain('has no valid token (at least 32 letters');
    writeFileSync(file, 'x'.repeat(40));
    chmodSync(file, 0o644);
    expect(said('--token-file', file)).toBe(
      `tallyhook: --token-file: others can read ${file}\nchmod 600 ${file}\n`,
    );
    expect(said('--budgets')).toBe('tallyhook: --budgets needs --hooks\n');
    expect(said('--port', 'x')).toContain('--port must be a whole number from 0 to 65535');
    expect(said('--port', '70000')).toContain('--port must be a whole number from 0 to 65535');
    expect(said('--host', '203.0.113.7', '--token-file', file)).toContain('others can read');
    chmodSync(file, 0o600);
    expect(said('--host', '203.0.113.7', '--token-file', file)).toContain(
      'is not an address of this machine',
    );
  });

  test('the token is kept, for its owner alone, and all files are', async () => {
    const home = temporaryHome();
    const first = await Served.start(home);
    await first.hook(write(home, 'm1'));
    await first.end();
    const file = join(home.data, 'serve.token');
    expect(readFileSync(file, 'utf8').trim()).toBe(first.token);
    expect(first.token.length).toBeGreaterThan(40);
    chmodSync(file, 0o644);
    const second = await Served.start(home);
    expect(second.token).toBe(first.token);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    await second.hook(write(home, 'm2'));
    const modes = Object.entries(modesBelow(home.data));
    expect(modes.filter(([name, mode]) => mode !== (name === '.' ? '0700' : '0600'))).toEqual([]);
  });
});

describe('its end', () => {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    test(`${signal}: what was asked is answered, what was sent is recorded`, async () => {
      const home = temporaryHome();
      const served = await Served.start(home, ['--no-refresh']);
      const path = append(transcriptPath(home, 's1'), prompt('s1'));
      await served.hook(toolEvent('s1', path));
      const stops = [1, 2, 3].map(() =>
        served.hook(toolEvent('s1', path, { hook_event_name: 'Stop' })),
      );
      await pause(50);
      append(path, request({ session: 's1', id: 'late' }));
      const ended = served.end(signal);
      expect((await Promise.all(stops)).map(({ status }) => status)).toEqual([200, 200, 200]);
      expect(await ended).toMatchObject({ status: 0, signal: null, stderr: '' });
      // Folded into one file: nobody has it open any more.
      expect(existsSync(`${home.ledger}-wal`)).toBe(false);
      expect(recordedIds(home)).toEqual(['late']);
      await expect(served.ask('/healthz')).rejects.toThrow('ECONNREFUSED');
    });
  }
});

describe('the ledger under it', () => {
  test('two servers and a hook write to one', async () => {
    const home = temporaryHome();
    const [one, two] = [await Served.start(home), await Served.start(home)];
    expect(two.token).toBe(one.token);
    const ids = Array.from({ length: 15 }, (_, index) => `m${String(index).padStart(2, '0')}`);
    for (const [index, id] of ids.entries()) {
      const event = write(home, id);
      if (index % 3 === 2) hook(home, event);
      else await [one, two][index % 3]?.hook(event);
    }
    expect(recordedIds(home)).toEqual(ids);
    for (const served of [one, two])
      expect(await served.get('/api/costs')).toMatchObject({ total: 15 });
  });

  for (const [what, endings] of [
    ['with all its files', ['', '-wal', '-shm']],
    ['alone', ['']],
  ] as const) {
    test(`deleted ${what}: it is made anew, nothing new is lost`, async () => {
      const home = temporaryHome();
      const served = await Served.start(home);
      await served.hook(write(home, 'm1'));
      await served.get('/api/costs');
      for (const ending of endings) rmSync(home.ledger + ending, { force: true });
      for (const id of ['m2', 'm3', 'm4']) {
        expect((await served.hook(write(home, id))).status).toBe(200);
      }
      await pause(400);
      await served.hook(write(home, 'm5'));
      // The transcripts are still there: all of it is read again.
      await until(
        async () => (await served.get<{ total: number }>('/api/costs')).total === 5,
        () => `${recordedIds(home).join()} ${problems(home).join()}`,
      );
      expect(recordedIds(home)).toEqual(['m1', 'm2', 'm3', 'm4', 'm5']);
      expect(spooled(home)).toEqual([]);
      expect(await served.get('/healthz')).toMatchObject({ status: 'ok' });
      expect((await served.end()).status).toBe(0);
      expect(cli(home, ['verify', '--json']).status).toBe(0);
    });
  }

  test('migrated by a later program: it says so, events wait in the spool until it is its own again', async () => {
    const home = temporaryHome();
    const served = await Served.start(home, ['--no-refresh']);
    await served.hook(write(home, 'm1'));
    const db = new Database(home.ledger);
    const own = db.pragma('user_version', { simple: true });
    db.pragma('user_version = 999');
    db.close();
    const answer = await served.ask('/api/costs');
    expect([answer.status, errorOf(answer).code]).toEqual([503, 'ledger_newer']);
    expect((await served.ask('/healthz')).status).toBe(503);
    expect(await served.hook(write(home, 'm2'))).toMatchObject({ status: 200, text: '' });
    expect(spooled(home)).not.toEqual([]);
    expect((await served.ask('/metrics')).status).toBe(200);
    const again = new Database(home.ledger);
    again.pragma(`user_version = ${String(own)}`);
    again.close();
    await served.hook(write(home, 'm3'));
    expect(recordedIds(home)).toEqual(['m1', 'm2', 'm3']);
    expect(await served.get('/api/costs')).toMatchObject({ total: 3 });
    expect(served.stderr).toBe('');
  });

  test('locked by another program: reports answer, events wait in the spool', async () => {
    const home = temporaryHome();
    const served = await Served.start(home, ['--no-refresh']);
    await served.hook(write(home, 'm1'));
    const db = new Database(home.ledger);
    onTestFinished(() => void db.close());
    db.exec('BEGIN IMMEDIATE');
    expect(await served.get('/api/costs')).toMatchObject({ total: 1 });
    expect((await served.hook(write(home, 'm2'))).status).toBe(200);
    expect(spooled(home)).not.toEqual([]);
    db.exec('ROLLBACK');
    await served.hook(write(home, 'm3'));
    expect(recordedIds(home)).toEqual(['m1', 'm2', 'm3']);
    expect(spooled(home)).toEqual([]);
  });
});
