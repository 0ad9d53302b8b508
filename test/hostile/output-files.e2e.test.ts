import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lchownSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { fileOutput } from '../../src/sources/files/output.ts';
import { type Home, temporaryHome } from '../helpers/home.ts';
import { type Run, cli, cliFile } from '../helpers/program/run.ts';
import { append, request, transcriptPath } from '../helpers/lines.ts';
import { Served } from '../helpers/program/server.ts';

const PRECIOUS = 'precious\n';

/** A home with a request in it, and a file that nothing may touch. */
function prepared(): { home: Home; shared: string; victim: string } {
  const home = temporaryHome();
  append(transcriptPath(home, 's1'), request({ session: 's1', id: 'm1' }));
  const shared = join(home.folder, 'shared');
  mkdirSync(shared);
  const victim = join(home.folder, 'victim');
  writeFileSync(victim, PRECIOUS, { mode: 0o640 });
  return { home, shared, victim };
}

function isUntouched(victim: string): boolean {
  return readFileSync(victim, 'utf8') === PRECIOUS && (statSync(victim).mode & 0o777) === 0o640;
}

/** Runs a shell's words, and then the command line in the shell's own process: `$$` is its id. */
function cliAfter(home: Home, words: string, args: string[]): Run {
  const { status, signal, stdout, stderr } = spawnSync(
    'sh',
    ['-c', `${words}; exec "$0" "$@"`, process.execPath, cliFile, ...args],
    { cwd: home.folder, env: home.env, encoding: 'utf8', timeout: 40_000, killSignal: 'SIGKILL' },
  );
  return { status, signal, stdout, stderr };
}

describe('links that were put where a temporary file would be', () => {
  test('export leaves what they lead to alone', () => {
    const { home, shared, victim } = prepared();
    const names = ['out.csv.$$.tmp', 'out.csv.tmp', 'out.csv.$$', 'out.csv.part', '.out.csv.tmp'];
    const words = names.map((name) => `ln -s ${victim} ${shared}/${name}`).join(';');
    const run = cliAfter(home, words, ['export', '-o', join(shared, 'out.csv')]);
    expect(run).toMatchObject({ status: 0, signal: null });
    expect(isUntouched(victim)).toBe(true);
    expect(readFileSync(join(shared, 'out.csv'), 'utf8')).toContain('m1');
    expect(readdirSync(shared)).toHaveLength(names.length + 1);
  });

  test('so does a budget that fails closed, in its file beside the ledger', () => {
    const { home, victim } = prepared();
    cli(home, ['import']);
    const names = ['$$', '$$.tmp', 'tmp', 'part'];
    const words = names
      .map((name) => `ln -s ${victim} ${home.data}/budgets-fail-closed.json.${name}`)
      .join(';');
    const args = ['budget', 'set', 'daily', '--limit', '1', '--per', 'day', '--fail-closed'];
    expect(cliAfter(home, words, args)).toMatchObject({ status: 0, signal: null });
    expect(isUntouched(victim)).toBe(true);
    const file = join(home.data, 'budgets-fail-closed.json');
    expect(JSON.parse(readFileSync(file, 'utf8'))).toHaveLength(1);
    expect(lstatSync(file).mode & 0o777).toBe(0o600);
  });

  test('settings and the saved prices too', () => {
    const { home, victim } = prepared();
    const config = join(home.folder, '.config/tallyhook');
    mkdirSync(config, { recursive: true });
    mkdirSync(home.data, { recursive: true });
    const words = [`${config}/settings.json`, `${home.data}/prices.json`]
      .flatMap((path) => [`${path}.$$.tmp`, `${path}.tallyhook.tmp`, `${path}.tmp`])
      .map((path) => `ln -s ${victim} ${path}`)
      .join(';');
    const set = cliAfter(home, words, ['config', 'set', 'timezone', 'UTC']);
    expect(set).toMatchObject({ status: 0, stderr: '' });
    const prices = '{"models": {"claude-opus-4-8": {"input": 6, "output": 25}}}';
    writeFileSync(join(home.folder, 'p.json'), prices);
    const update = cli(home, ['pricing', 'update', '--from', 'p.json']);
    expect(update).toMatchObject({ status: 0, stderr: '' });
    expect(isUntouched(victim)).toBe(true);
  });
});

describe('what is in the way of a file', () => {
  test('at its place, a link is replaced and not followed', () => {
    const { home, shared, victim } = prepared();
    const path = join(shared, 'out.csv');
    symlinkSync(victim, path);
    expect(cli(home, ['export', '-o', path])).toMatchObject({ status: 0 });
    expect(isUntouched(victim)).toBe(true);
    expect(lstatSync(path).isFile()).toBe(true);
  });

  test('leaves nothing temporary behind', async () => {
    const { home, shared } = prepared();
    const output = fileOutput(join(shared, 'out.csv'));
    await output.write('text');
    mkdirSync(join(shared, 'out.csv'));
    expect(() => output.end()).toThrow('EISDIR');
    expect(readdirSync(shared)).toEqual(['out.csv']);
    cli(home, ['import']);
    mkdirSync(join(home.data, 'budgets-fail-closed.json'));
    const before = readdirSync(home.data).filter((name) => name.startsWith('budgets'));
    const args = ['budget', 'set', 'daily', '--limit', '1', '--per', 'day', '--fail-closed'];
    expect(cli(home, args).status).not.toBe(0);
    expect(readdirSync(home.data).filter((name) => name.startsWith('budgets'))).toEqual(before);
  });
});

test('files that were not there are for their owner alone, whatever the umask is', () => {
  const { home } = prepared();
  const prices = '{"models": {"claude-opus-4-8": {"input": 6, "output": 25}}}';
  writeFileSync(join(home.folder, 'p.json'), prices, { mode: 0o600 });
  for (const args of [
    ['init', '--yes'],
    ['config', 'set', 'timezone', 'UTC'],
    ['export', '-o', join(home.folder, 'out.csv')],
    ['pricing', 'update', '--from', 'p.json'],
    ['budget', 'set', 'daily', '--limit', '1', '--per', 'day', '--fail-closed'],
  ]) {
    const run = cliAfter(home, 'umask 000', args);
    expect(run, args.join(' ')).toMatchObject({ status: 0, signal: null });
  }
  const files = [
    join(home.folder, '.claude/settings.json'),
    join(home.folder, '.config/tallyhook/settings.json'),
    join(home.folder, 'out.csv'),
    join(home.data, 'prices.json'),
    join(home.data, 'install.json'),
    join(home.data, 'budgets-fail-closed.json'),
  ];
  const modes = files.map((path) => [path, (statSync(path).mode & 0o777).toString(8)]);
  expect(modes).toEqual(files.map((path) => [path, '600']));
});

describe("the server's token", () => {
  /** As `serve` with no time to serve: the settings it prints have a token in them. */
  const hooks = (home: Home, ...args: string[]): Run => cli(home, ['serve', '--hooks', ...args]);

  test('is made where nothing is, and not through a link that leads nowhere', () => {
    const { home } = prepared();
    mkdirSync(home.data, { recursive: true });
    const path = join(home.data, 'serve.token');
    symlinkSync(join(home.folder, 'nowhere'), path);
    expect(hooks(home)).toMatchObject({ status: 2, stdout: '' });
    expect(existsSync(join(home.folder, 'nowhere'))).toBe(false);
    rmSync(path);
    expect(cliAfter(home, 'umask 000', ['serve', '--hooks'])).toMatchObject({ status: 0 });
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  test.skipIf(process.getuid?.() !== 0)(
    'of another user, or behind a link of his, is refused',
    () => {
      const { home } = prepared();
      mkdirSync(home.data, { recursive: true });
      const [path, known] = [join(home.data, 'serve.token'), join(home.folder, 'known')];
      for (const [make, what] of [
        [() => writeFileSync(path, 'x'.repeat(40), { mode: 0o600 }), path],
        [() => symlinkSync(known, path), path],
        [() => symlinkSync(known, path), known],
      ] as const) {
        rmSync(path, { force: true });
        writeFileSync(known, 'x'.repeat(40));
        chmodSync(known, 0o640);
        lchownSync(known, 0, 0);
        make();
        lchownSync(what, 65_534, 65_534);
        for (const args of [[], ['--token-file', path]]) {
          const run = hooks(home, ...args);
          expect(run).toMatchObject({ status: 2, stdout: '' });
          expect(run.stderr).toMatch(/^tallyhook: \S+serve\.token belongs to another user/);
        }
        // Nor is its mode changed.
        expect(statSync(known).mode & 0o777).toBe(0o640);
      }
    },
  );

  test('behind a link of your own is read', async () => {
    const { home } = prepared();
    mkdirSync(home.data, { recursive: true });
    const kept = join(home.folder, 'kept');
    writeFileSync(kept, `${'k'.repeat(40)}\n`, { mode: 0o600 });
    symlinkSync(kept, join(home.data, 'serve.token'));
    const served = await Served.start(home);
    expect(served.token).toBe('k'.repeat(40));
  });

  // No devices: a server that changed their modes would do so for the whole machine.
  test.skipIf(process.platform !== 'linux').each([
    ['a pipe', (path: string) => void spawnSync('mkfifo', [path])],
    ['a folder', (path: string) => mkdirSync(path)],
    ['/proc/self/pagemap', (path: string) => symlinkSync('/proc/self/pagemap', path)],
  ])('is not read from %s', (_, make) => {
    const { home } = prepared();
    mkdirSync(home.data, { recursive: true });
    make(join(home.data, 'serve.token'));
    const run = hooks(home);
    expect(run).toMatchObject({ status: 2, signal: null, stdout: '' });
    expect(run.stderr).toMatch(/^tallyhook: /);
  });
});
