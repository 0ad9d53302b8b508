import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { audit } from '../client/expectations.ts';
import { Sandbox } from '../client/sandbox.ts';
import { answer, bash, say, startAgent } from '../client/scenario.ts';
import type { Document } from '../helpers/program/doctor.ts';
import { type Installed, install, pack, scratchFolder } from './installed.ts';

const scratch = scratchFolder();
let tarball = '';
beforeAll(() => {
  tarball = pack(scratch);
});
afterAll(() => rmSync(scratch, { recursive: true, force: true, maxRetries: 5 }));

const VERSION = '2.1.330';
const client = inject('clients')[VERSION];

const session = {
  main: [
    answer([say('Looking.'), bash('ls'), bash('echo hi')]),
    answer([startAgent('reader')]),
    answer([say('Done.')]),
  ],
  reader: [answer([bash('echo two')]), answer([say('Read.')])],
};

/** From 22 on nothing has to be compiled. */
const NODES: [name: string, major: number | null, isCompiling: boolean][] = [
  ['the Node that runs this', null, true],
  ['Node 22, without a compiler', 22, false],
  ['Node 24, without a compiler', 24, false],
];

describe.each(NODES)('installed from its tarball, %s', (_, major, isCompiling) => {
  let here: Installed;
  beforeAll(() => {
    here = install(tarball, scratch, major, isCompiling);
  });

  const tallyhook = (args: string[], env: Record<string, string>): ReturnType<typeof spawnSync> =>
    spawnSync(here.node, [join(here.package, 'dist/cli.cjs'), ...args], {
      env: { ...env, PATH: here.path },
      encoding: 'utf8',
      cwd: here.folder,
    });

  test('its demo says what the client said', () => {
    const args = [join(here.package, 'scripts/demo.mjs')];
    const env = { PATH: here.path, HOME: here.folder };
    const told = execFileSync(here.node, args, { env, encoding: 'utf8', cwd: here.folder });
    expect(told).toContain('The client itself reported $0.313809 for this session.');
    expect(told).toMatch(/\$0\.3138/);
  });

  test('doctor runs its hook; what is not there yet is all that is missing', () => {
    const home = join(here.folder, 'home');
    const ran = tallyhook(['doctor', '--json'], { HOME: home });
    const { findings, hookRuns } = JSON.parse(String(ran.stdout)) as Document;
    const faults = findings.filter(({ state }) => state === 'fail').map(({ check }) => check);
    expect(faults).toEqual(['hooks', 'transcripts']);
    expect(hookRuns.map(({ requests }) => requests > 0)).toEqual([true]);
  });

  describe.skipIf(client === null)(`with the client ${VERSION}, from an empty home`, () => {
    const told = async (box: Sandbox): Promise<void> => {
      const { result } = await box.run(session);
      const ran = tallyhook(['summary', '--json', '--no-refresh'], box.env);
      const { totals } = JSON.parse(String(ran.stdout)) as { totals: { costUsd: number } };
      expect(Math.abs(totals.costUsd - result.total_cost_usd)).toBeLessThan(1e-9);
      const { held, due } = audit(box, { said: [result.modelUsage] });
      expect(held).toEqual(due);
    };
    const emptyBox = (): Sandbox => {
      const box = new Sandbox(VERSION, client ?? '', []);
      rmSync(join(box.env['HOME'] ?? '', '.claude/settings.json'));
      box.env['PATH'] = here.path;
      return box;
    };

    test('init --yes, a session, summary: right to 1e-9', async () => {
      const box = emptyBox();
      expect(tallyhook(['init', '--yes'], box.env)).toMatchObject({ status: 0, stderr: '' });
      await told(box);
      expect(tallyhook(['doctor'], box.env)).toMatchObject({ status: 0, stderr: '' });
    });

    test('the plugin of its folder, a session, summary: right to 1e-9', async () => {
      const box = emptyBox();
      for (const args of [
        ['marketplace', 'add', here.package],
        ['install', 'tallyhook@tallyhook'],
      ]) {
        execFileSync(box.client, ['plugin', ...args], { env: box.env });
      }
      await told(box);
      expect(tallyhook(['doctor'], box.env)).toMatchObject({ status: 0, stderr: '' });
    });
  });
});

test('without its addon: the hook spools in silence, doctor says what to do', () => {
  const here = install(tarball, scratch, null, false);
  const home = join(here.folder, 'home');
  const projects = join(home, '.claude/projects');
  cpSync(join(here.package, 'fixtures/demo/projects'), projects, { recursive: true });
  const names = readdirSync(join(projects, '-home-user-invoices'));
  const name = names.find((entry) => entry.endsWith('.jsonl')) ?? '';
  const transcript_path = join(projects, '-home-user-invoices', name);
  const event = { hook_event_name: 'Stop', session_id: 's', transcript_path, cwd: home };
  const env = { HOME: home, PATH: here.path };
  const hook = join(here.package, 'dist/hooks/record.cjs');
  const input = JSON.stringify(event);
  const ran = spawnSync(here.node, [hook], { env, input, encoding: 'utf8' });
  expect(ran).toMatchObject({ status: 0, stdout: '', stderr: '' });
  expect(existsSync(join(home, '.local/share/tallyhook/spool'))).toBe(true);
  const doctor = spawnSync(here.node, [join(here.package, 'dist/cli.cjs'), 'doctor'], {
    env,
    encoding: 'utf8',
  });
  expect(doctor).toMatchObject({ status: 1, stderr: '' });
  expect(doctor.stdout).toMatch(
    /^FAIL  addon .* is missing: .*better_sqlite3\.node does not exist$/m,
  );
  expect(doctor.stdout).toContain(`Fix: cd ${here.folder} && npm rebuild better-sqlite3`);
});
