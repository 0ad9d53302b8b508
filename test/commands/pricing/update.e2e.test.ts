import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { type Home, temporaryHome } from '../../helpers/home.ts';
import { cli } from '../../helpers/program/run.ts';
import { type Served, cliBeside, registry, tarball } from '../../helpers/program/registry.ts';

interface Shown {
  price: { usdPerMillion: Record<string, number>; layer: string; source: string } | null;
  basis: string;
}

const OPUS = { input: 5, output: 25, cacheRead: 0.5, cacheWrite: 6.25 };

/** A package with one changed and one new model; `cost` replaces the changed one's prices. */
function packed(cost: unknown = { ...OPUS, input: 6 }, text?: string): Buffer {
  const chat = (id: string, prices: unknown): object => ({ id, type: 'chat', cost: prices });
  const models = {
    'chat:claude-opus-4-8': chat('claude-opus-4-8', cost),
    'chat:claude-opus-6': chat('claude-opus-6', { ...OPUS, input: 4, output: 21 }),
  };
  return tarball({
    'package.json': '{"name":"x","scripts":{"install":"exit 1"}}',
    'dist/index.js': 'throw new Error("executed")',
    'dist/providers/data/anthropic.json': text ?? JSON.stringify({ 'anthropic-messages': models }),
  });
}

function show(home: Home, model: string, ...args: string[]): Shown {
  return JSON.parse(cli(home, ['pricing', 'show', model, '--json', ...args]).stdout) as Shown;
}

function pricesFile(home: Home): string {
  return join(home.data, 'prices.json');
}

async function update(home: Home, served: Served, ...args: string[]): ReturnType<typeof cliBeside> {
  const address = await registry(served);
  return cliBeside(home, ['pricing', 'update', ...args], { npm_config_registry: address });
}

describe('pricing update through a registry', () => {
  test('lays what is new over the built-in table, and what was before stays', async () => {
    const home = temporaryHome();
    const run = await update(home, { packed: packed() });
    expect(run).toMatchObject({ status: 0, stderr: '' });
    expect(run.stdout).toContain('claude-opus-4-8, claude-opus-6');
    const after = ['--at', '2098-02-01'];
    expect(show(home, 'claude-opus-4-8', ...after).price).toMatchObject({
      usdPerMillion: { input: 6, output: 25, cacheWrite5m: 6.25, cacheWrite1h: 12, cacheRead: 0.5 },
      fastMultiplier: 2,
      layer: 'updated',
      source: '@earendil-works/pi-ai 9.9.9',
    });
    expect(show(home, 'claude-opus-4-8', '--at', '2026-11-01').price).toMatchObject({
      usdPerMillion: { input: 5 },
      layer: 'built-in',
    });
    expect(show(home, 'claude-opus-6')).toMatchObject({
      basis: 'exact',
      price: { usdPerMillion: { input: 4, output: 21, cacheWrite1h: 8 } },
    });
    const diff = JSON.parse(cli(home, ['pricing', 'diff', '--json']).stdout) as {
      differences: { model: string; builtin: object | null }[];
    };
    expect(diff.differences.map(({ model, builtin }) => [model, builtin !== null])).toEqual([
      ['claude-opus-4-8', true],
      ['claude-opus-6', false],
    ]);
    expect(readdirSync(home.data)).toEqual(['prices.json']);
  });

  const good = packed();
  const nan = JSON.stringify({ a: { m: { id: 'claude-opus-4-8', cost: OPUS } } });
  test.each<[string, Served, RegExp]>([
    [
      'a wrong sha512',
      { packed: good, integrity: `sha512-${'A'.repeat(86)}==` },
      /does not match the registry's sha512/,
    ],
    ['no sha512', { packed: good, integrity: null }, /no sha512/],
    ['a truncated download', { packed: good, cutAt: 200 }, /could not be fetched/],
    [
      'a torn archive under its own sha512',
      { packed: good.subarray(0, good.length - 60) },
      /prices are unchanged/,
    ],
    ['a negative price', { packed: packed({ ...OPUS, input: -5 }) }, /input is negative \(-5\)/],
    ['a missing price', { packed: packed({ ...OPUS, output: undefined }) }, /output is missing/],
    ['null for a price', { packed: packed({ ...OPUS, output: null }) }, /output is missing/],
    ['no prices at all', { packed: packed(null) }, /input is missing/],
    ['a text for a price', { packed: packed({ ...OPUS, input: '5' }) }, /input is not a price/],
    [
      'an infinite price',
      { packed: packed({}, nan.replace('"input":5', '"input":1e999')) },
      /input is not finite/,
    ],
    [
      'NaN',
      { packed: packed({}, nan.replace('"input":5', '"input":NaN')) },
      /is not a JSON object/,
    ],
    [
      'a tenfold price',
      { packed: packed({ ...OPUS, input: 51 }) },
      /input from 5 to 51: more than/,
    ],
    ['a tenth', { packed: packed({ ...OPUS, output: 2.4 }) }, /output from 25 to 2.4/],
    ['zero', { packed: packed({ ...OPUS, output: 0 }) }, /output from 25 to 0/],
    ['a package without prices', { packed: tarball({ 'package.json': '{}' }) }, /no prices in it/],
  ])('%s is refused, and the old table stays in use', async (_, served, reason) => {
    const home = temporaryHome();
    mkdirSync(home.data, { recursive: true });
    const old =
      '{"models": {"claude-opus-6": [{"input": 3, "output": 9, "sourceDate": "2026-11-22"}]}}';
    writeFileSync(pricesFile(home), old);
    const run = await update(home, served);
    expect(run).toMatchObject({ status: 1, stdout: '' });
    expect(run.stderr).toMatch(reason);
    expect(run.stderr).not.toMatch(/\n\s+at /);
    expect(readFileSync(pricesFile(home), 'utf8')).toBe(old);
    expect(readdirSync(home.data)).toEqual(['prices.json']);
    expect(show(home, 'claude-opus-6').price?.usdPerMillion['output']).toBe(9);
  });

  test('--force takes a tenfold price', async () => {
    const home = temporaryHome();
    const served = { packed: packed({ ...OPUS, input: 51 }) };
    expect((await update(home, served, '--force')).status).toBe(0);
    const shown = show(home, 'claude-opus-4-8', '--at', '2098-02-01');
    expect(shown.price?.usdPerMillion['input']).toBe(51);
  });

  test('--dry-run writes nothing', async () => {
    const home = temporaryHome();
    expect((await update(home, { packed: packed() }, '--dry-run')).status).toBe(0);
    expect(existsSync(home.data)).toBe(false);
  });

  test('a registry that is not there', () => {
    const home = temporaryHome();
    const env = { npm_config_registry: 'http://127.0.0.1:9/' };
    const run = cli(home, ['pricing', 'update'], { env });
    expect(run).toMatchObject({ status: 1, stdout: '' });
    expect(run.stderr).toMatch(/prices are unchanged.*could not be fetched/);
  });

  test('against the registry that npm is set to here', async () => {
    const home = temporaryHome();
    const { stdout } = spawnSync('npm', ['config', 'get', 'registry'], { encoding: 'utf8' });
    const certificates = process.env['NODE_EXTRA_CA_CERTS'] ?? '';
    const run = await cliBeside(home, ['pricing', 'update', '--json'], {
      npm_config_registry: stdout.trim(),
      NODE_EXTRA_CA_CERTS: certificates,
    });
    if (run.stderr.includes('could not be fetched')) {
      console.log(`skipped: the registry can't be reached: ${run.stderr}`);
      return;
    }
    expect(run).toMatchObject({ status: 0, stderr: '' });
    const { checked } = JSON.parse(run.stdout) as { checked: number };
    expect(checked).toBeGreaterThan(50);
    expect(show(home, 'claude-opus-4-8').price?.usdPerMillion).toMatchObject({ input: 5 });
  });
});

describe('pricing update --from', () => {
  test.each([
    ['a package', 'pi.tgz', packed()],
    ['our schema', 'own.json', '{"models": {"claude-opus-4-8": {"input": 6, "output": 25}}}'],
    [
      "LiteLLM's list",
      'litellm.json',
      '{"claude-opus-4-8": {"input_cost_per_token": 6e-06, "output_cost_per_token": 2.5e-05}, "x/dall": {"mode": "image_generation"}}',
    ],
  ])('%s', (_, name, content) => {
    const home = temporaryHome();
    writeFileSync(join(home.folder, name), content);
    const run = cli(home, ['pricing', 'update', '--from', name]);
    expect(run).toMatchObject({ status: 0, stderr: '' });
    expect(show(home, 'claude-opus-4-8').price?.usdPerMillion).toMatchObject({
      input: 6,
      output: 25,
      cacheRead: 0.5,
    });
  });

  test.each([
    ['no JSON', 'hello', /neither a package nor JSON/],
    ['a missing price', '{"models": {"claude-opus-4-8": {"input": 6}}}', /output is missing/],
    ['a negative one', '{"models": {"a": {"input": 6, "output": -1}}}', /a: output is negative/],
  ])('%s is refused', (_, content, reason) => {
    const home = temporaryHome();
    writeFileSync(join(home.folder, 'p.json'), content);
    const run = cli(home, ['pricing', 'update', '--from', 'p.json']);
    expect(run).toMatchObject({ status: 1, stdout: '' });
    expect(run.stderr).toMatch(reason);
    expect(existsSync(pricesFile(home))).toBe(false);
  });
});
