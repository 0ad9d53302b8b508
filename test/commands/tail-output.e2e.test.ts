import { spawnSync } from 'node:child_process';
import stringWidth from 'string-width';
import { describe, expect, test } from 'vitest';
import { cliFile, hook } from '../helpers/program/run.ts';
import { temporaryHome } from '../helpers/home.ts';
import { append, request, toolEvent, transcriptPath } from '../helpers/lines.ts';
import { Tail, pause, record, shownBy, startTail } from '../helpers/program/tail.ts';

/** A zone where it is between 12 and 13 o'clock now, so that no day ends during a test. */
function zoneAtNoon(now: Date): string {
  const hours = 12 - now.getUTCHours();
  // `Etc/GMT-2` is two hours ahead of UTC.
  return `Etc/GMT${hours > 0 ? '-' : '+'}${Math.abs(hours)}`;
}

describe('where it starts', () => {
  test.each(['10m', '2026-11-20T10:00Z', '2026-11-20'])('--since %s', async (since) => {
    const home = temporaryHome();
    const now = since === '10m' ? new Date().toISOString() : '2026-11-20T10:00:00.000Z';
    append(
      transcriptPath(home, 's1'),
      request({ session: 's1', id: 'msg_old', at: '2026-11-19T23:59:59.999Z' }),
    );
    append(transcriptPath(home, 's1'), request({ session: 's1', id: 'msg_1', at: now }));
    const tail = new Tail(home, ['--json', '--since', since]);
    await tail.shows('msg_1');
    const shown = await shownBy(
      tail,
      () => record(home, { session: 's1', id: 'msg_2', at: now }),
      'msg_2',
    );
    expect(shown).toEqual(['msg_1', 'msg_2']);
  });
});

describe('filters', () => {
  const all = [
    { session: 'abc-1', id: 'msg_1', tools: [['call_1', 'Bash']] as [string, string][] },
    {
      session: 'abd-2',
      id: 'msg_2',
      model: 'claude-haiku-4-5',
      agentId: 'a1',
      agentType: 'Explore',
    },
    { session: 'abe-3', id: 'msg_3', branch: 'draft', cwd: '/home/user/blog' },
  ];
  test.each([
    ['--session', 'abc', ['msg_1']],
    ['--session', 'abd-2', ['msg_2']],
    ['--model', 'claude-haiku-4-5-20251001', ['msg_2']],
    ['--tool', 'Bash', ['msg_1']],
    ['--branch', 'draft', ['msg_3']],
    ['--agent', 'a1', ['msg_2']],
    ['--agent-type', 'Explore', ['msg_2']],
    ['--project', '/home/user/blog', ['msg_3']],
  ])('%s %s', async (flag, value, expected) => {
    const home = temporaryHome();
    // Before, because a value that is not in the ledger is refused.
    for (const facts of all) record(home, facts);
    const tail = new Tail(home, ['--json', flag, value, '--since', '2026-11-20']);
    await tail.shows(expected.at(-1) ?? '');
    await pause(700);
    expect(tail.ids()).toEqual(expected);
  });
});

test('--session last is the one with the latest request so far', async () => {
  const home = temporaryHome();
  record(home, { session: 's1', id: 'msg_1', at: '2026-11-20T11:00:00.000Z' });
  record(home, { session: 's2', id: 'msg_2' });
  const tail = new Tail(home, ['--json', '--session', 'last', '--since', '2026-11-20']);
  await tail.shows('msg_1');
  const shown = await shownBy(
    tail,
    () => {
      record(home, { session: 's2', id: 'msg_3' });
      record(home, { session: 's1', id: 'msg_4' });
    },
    'msg_4',
  );
  expect(shown).toEqual(['msg_1', 'msg_4']);
});

describe('the running total', () => {
  test('follows what a request that was shown costs in the end', async () => {
    const home = temporaryHome();
    const tail = new Tail(home, ['--since', '2026-11-20']);
    const first = { session: 's1', id: 'msg_1', input: 0, output: 100 };
    record(home, { ...first, isFinal: false });
    await tail.shows('$0.0025');
    // The response ends: thirty times the output that was known of it.
    record(home, { ...first, output: 3000 });
    record(home, { session: 's1', id: 'msg_2', input: 0, output: 100 });
    await tail.shows('Σ $0.0775');
    record(home, { session: 's1', id: 'msg_2', input: 0, output: 200 });
    expect((await tail.end()).stdout.split('\n').at(-2)).toBe('2 requests, $0.0800');
  });

  test('counts once what a payload told first and the transcript then', async () => {
    const home = temporaryHome();
    const tail = new Tail(home, ['--json', '--since', '2026-11-20']);
    const usage = { input_tokens: 0, output_tokens: 100 };
    const response = { id: 'msg_1', model: 'claude-opus-4-5', usage };
    hook(home, toolEvent('s1', null, { response }));
    await tail.shows('msg_1');
    record(home, { session: 's1', id: 'msg_1', input: 0, output: 1000 });
    await pause(700);
    expect((await tail.end()).stderr).toBe('tallyhook: 1 request, $0.0250\n');
  });
});

describe('for people', () => {
  test('aligned lines with the running total, and the total at the end', async () => {
    const home = temporaryHome();
    const tail = await startTail(home, ['-z', 'Europe/Berlin']);
    record(home, { session: '0a111111-0000', id: 'msg_1', tools: [['call_1', 'Bash']] });
    record(home, {
      session: '0a111111-0000',
      id: 'msg_2',
      output: 20_000,
      isFinal: false,
      agentId: 'a1',
      agentType: 'general-purpose-of-mine',
    });
    record(home, { session: '0b222222-0000', id: 'msg_3', model: 'unheard-of', read: 123_456 });
    await tail.shows('unheard-of');
    const lines = tail.lines();
    expect(lines).toHaveLength(3);
    expect(lines[0]).toMatch(
      /^11:00:00 {2}0a111111 {2}main +claude-opus-4-5 +Bash +10 in +100 out +\$0\.0026 {2}Σ \$0\.0026$/,
    );
    expect(lines[1]).toMatch(
      /^11:00:00 {2}0a111111 {2}gener…\S+ +claude-opus-4-5 +- +10 in +≥20K out +\$0\.5001 {2}Σ \$0\.5026$/,
    );
    expect(lines[2]).toMatch(
      /^11:00:00 {2}0b222222 {2}main +unheard-of +- +123K in +100 out +~\$\d+\.\d{4} {2}Σ \$\d+\.\d{4}$/,
    );
    expect(new Set(lines.map((line) => line.indexOf('Σ'))).size).toBe(1);
    const { status, signal, stdout, stderr } = await tail.end();
    expect({ status, signal, stderr }).toEqual({ status: 0, signal: null, stderr: '' });
    expect(stdout.split('\n').at(-2)).toMatch(/^\d requests, \$\d\.\d{4}$/);
  });

  test('the date stands before the first request of another day, in the time zone asked for', async () => {
    const home = temporaryHome();
    const tail = new Tail(home, ['--since', '2026-03-01', '-z', 'Europe/Berlin']);
    const times = ['2026-03-20T22:00:00Z', '2026-03-20T22:59:59Z', '2026-03-20T23:00:00Z'];
    times.forEach((at, index) => record(home, { session: 's1', id: `msg_${index}`, at }));
    record(home, { session: 's1', id: 'msg_now', at: new Date().toISOString() });
    await tail.showsLines(7);
    const starts = tail.lines().map((line) => line.slice(0, 10).trim());
    const today = new Intl.DateTimeFormat('sv', { timeZone: 'Europe/Berlin' }).format(new Date());
    expect(starts.slice(0, 6)).toEqual([
      '2026-03-20',
      '23:00:00',
      '23:59:59',
      '2026-03-21',
      '00:00:00',
      today,
    ]);
  });

  test('a day that is still today has no date', async () => {
    const home = temporaryHome();
    const tail = new Tail(home, ['--since', '1h', '-z', zoneAtNoon(new Date())]);
    record(home, { session: 's1', id: 'msg_1', at: new Date().toISOString() });
    await tail.showsLines(1);
    expect(tail.lines()[0]).toMatch(/^\d\d:\d\d:\d\d {2}s1/);
  });

  test('lines fit a narrow terminal', async () => {
    const home = temporaryHome();
    const tail = new Tail(home, ['--since', '2026-03-20'], { COLUMNS: '60' });
    const names = { agentId: 'a1', agentType: '日本語のエージェント', model: '模型'.repeat(9) };
    record(home, { session: 's1', id: 'msg_1', at: '2026-03-21T10:00:00Z', ...names });
    await tail.showsLines(2);
    for (const line of tail.lines()) expect(stringWidth(line)).toBeLessThanOrEqual(60);
  });

  test.each(['SIGINT', 'SIGTERM'] as const)(
    '%s ends it with the total, JSON alone on stdout',
    async (signal) => {
      const home = temporaryHome();
      const tail = await startTail(home, ['--json']);
      record(home, { session: 's1', id: 'msg_1' });
      await tail.shows('msg_1');
      expect(await tail.end(signal)).toEqual({
        status: 0,
        signal: null,
        stdout: expect.stringMatching(/^\{.*\}\n$/),
        stderr: expect.stringMatching(/^tallyhook: \d requests, \$0\.0026\n$/),
      });
    },
  );

  test('a reader that has seen enough ends it', () => {
    const home = temporaryHome();
    for (let index = 0; index < 300; index++) {
      append(transcriptPath(home, 's1'), request({ session: 's1', id: `msg_${index}` }));
    }
    const script = '{ "$@"; echo "status $?" >&2; } | head -1';
    const args = ['tail', '--json', '--since', '2026-11-20'];
    const { stdout, stderr } = spawnSync(
      '/bin/sh',
      ['-c', script, 'sh', process.execPath, cliFile, ...args],
      {
        env: home.env,
        encoding: 'utf8',
        timeout: 20_000,
      },
    );
    expect(JSON.parse(stdout)).toMatchObject({ sessionId: 's1' });
    expect(stderr).toBe('status 0\n');
  });
});
