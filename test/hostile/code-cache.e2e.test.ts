// V8 runs a damaged code cache and crashes, so one that is damaged, or that somebody else may have
// written, is never used: it costs one slower start, and a whole one takes its place.
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { hookFile, SILENT } from '../helpers/program/run.ts';
import { type Home, temporaryHome } from '../helpers/home.ts';

const root = join(dirname(hookFile), '../..');

/** An installation of the test's own, with the path of its hook's code cache. */
function install(): { hook: string; cache: string } {
  const folder = mkdtempSync(join(tmpdir(), 'tallyhook-install-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  cpSync(join(root, 'dist/hooks'), join(folder, 'dist/hooks'), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  const hooks = join(folder, 'dist/hooks');
  const name = readdirSync(hooks).find((one) => /^record-main.*\.cache$/.test(one)) ?? '';
  return { hook: join(hooks, 'record.cjs'), cache: join(hooks, name) };
}

function run(home: Home, hook: string, options: { umask?: string; args?: string[] } = {}): object {
  const event = { hook_event_name: 'Stop', session_id: 's', transcript_path: '/none.jsonl' };
  const command = `umask ${options.umask ?? '022'}; exec "$0" "$@"`;
  const { status, signal, stdout, stderr } = spawnSync(
    'bash',
    ['-c', command, process.execPath, hook, ...(options.args ?? [])],
    { input: JSON.stringify(event), env: home.env, encoding: 'utf8', timeout: 20_000 },
  );
  return { status, signal, stdout, stderr };
}

/** Runs the hook on a cache that was changed: it records as ever, and leaves a whole cache behind. */
function expectOneSlowStart(change: (cache: string, whole: Buffer) => void): void {
  const { hook, cache } = install();
  const whole = readFileSync(cache);
  change(cache, whole);
  const refused = readFileSync(cache);
  const home = temporaryHome();
  expect(run(home, hook)).toEqual(SILENT);
  expect(existsSync(home.ledger)).toBe(true);
  const made = readFileSync(cache);
  expect(lstatSync(cache).isFile()).toBe(true);
  expect(statSync(cache)).toMatchObject({ uid: process.getuid?.() ?? 0 });
  expect(statSync(cache).mode & 0o777).toBe(0o644);
  expect(refused.equals(whole) || !refused.equals(made)).toBe(true);
  expect(run(home, hook)).toEqual(SILENT);
  // The second start has used what the first one made.
  expect(readFileSync(cache).equals(made)).toBe(true);
  const left = readdirSync(dirname(cache)).filter((name) => name.endsWith('.tmp'));
  expect(left).toEqual([]);
}

/** The same places each time, spread over the file. */
function* bitFlips(length: number, count: number): Generator<[at: number, mask: number]> {
  let state = 5;
  for (let number = 0; number < count; number++) {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    yield [Math.floor((state / 0x7fffffff) * length), 1 << (number % 8)];
  }
}

describe('a code cache', () => {
  test('with any one bit flipped', () => {
    const { hook, cache } = install();
    const whole = readFileSync(cache);
    const home = temporaryHome();
    for (const [at, mask] of bitFlips(whole.length, 60)) {
      const damaged = Buffer.from(whole);
      damaged[at] = (damaged[at] ?? 0) ^ mask;
      writeFileSync(cache, damaged);
      expect([at, mask, run(home, hook)]).toEqual([at, mask, SILENT]);
      expect(readFileSync(cache).equals(damaged)).toBe(false);
    }
  });

  for (const [name, damage] of Object.entries({
    'the last 4 kB zero': (bytes: Buffer) => bytes.fill(0, bytes.length - 4096),
    'the second half zero': (bytes: Buffer) => bytes.fill(0, bytes.length >> 1),
    'one page zero': (bytes: Buffer) => bytes.fill(0, 8192, 12_288),
    'all zero': (bytes: Buffer) => bytes.fill(0),
    'cut in half': (bytes: Buffer) => bytes.subarray(0, bytes.length >> 1),
    'without its end': (bytes: Buffer) => bytes.subarray(0, bytes.length - 1),
    'with more behind it': (bytes: Buffer) => Buffer.concat([bytes, Buffer.from('x')]),
    empty: () => Buffer.alloc(0),
  })) {
    test(`a cache that is damaged: ${name}`, () => {
      expectOneSlowStart((cache, whole) => writeFileSync(cache, damage(Buffer.from(whole))));
    });
  }

  test('that others may write', () => {
    expectOneSlowStart((cache) => chmodSync(cache, 0o666));
  });

  test.runIf(process.getuid?.() === 0)('that another user owns', () => {
    expectOneSlowStart((cache) => chownSync(cache, 65_534, 65_534));
  });

  test('that is a link', () => {
    expectOneSlowStart((cache, whole) => {
      writeFileSync(`${cache}.elsewhere`, whole);
      rmSync(cache);
      symlinkSync(`${cache}.elsewhere`, cache);
    });
  });

  test('is nobody else’s to write, whatever the umask is', () => {
    const { hook, cache } = install();
    rmSync(cache);
    const options = { umask: '000', args: ['--make-cache'] };
    expect(run(temporaryHome(), hook, options)).toEqual(SILENT);
    expect(statSync(cache).mode & 0o777).toBe(0o644);
  });
});
