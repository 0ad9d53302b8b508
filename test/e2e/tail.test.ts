import { spawnSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { cliFile, hook, openFile, temporaryHome } from '../helpers/e2e-home.ts';
import { recordedIds } from '../helpers/e2e-ledger.ts';
import { append, request, toolEvent, transcriptPath } from '../helpers/e2e-lines.ts';
import { Tail, pause, record, recordAtOnce, startTail } from '../helpers/e2e-tail.ts';

/** What tail shows after `what` was done, when it has shown the request `last` that follows. */
async function shownBy(
  tail: Tail,
  what: () => void | Promise<void>,
  last: string,
): Promise<unknown[]> {
  await what();
  await tail.shows(last);
  // Whatever it showed twice, it would have shown by now.
  await pause(700);
  return tail.ids();
}

describe('tail --json', () => {
  test.each([[[]], [['--no-refresh']]])('%j started before the ledger exists', async (args) => {
    const home = temporaryHome();
    const tail = new Tail(home, ['--json', ...args]);
    await pause(2000);
    expect(existsSync(home.ledger)).toBe(args.length === 0);
    const shown = await shownBy(
      tail,
      () => {
        record(home, { session: 's1', id: 'msg_1' });
        record(home, { session: 's1', id: 'msg_2' });
      },
      'msg_2',
    );
    expect(shown).toEqual(['msg_1', 'msg_2']);
    expect(await tail.end()).toMatchObject({ status: 0, signal: null });
  });

  test('does not show what was there before, also what nobody had read yet', async () => {
    const home = temporaryHome();
    record(home, { session: 's1', id: 'msg_old' });
    append(transcriptPath(home, 's2'), request({ session: 's2', id: 'msg_unread' }));
    const tail = await startTail(home, ['--json']);
    const shown = await shownBy(tail, () => record(home, { session: 's1', id: 'msg_1' }), 'msg_1');
    expect(shown).toEqual(['msg_1']);
  });

  test('shows each request once while hooks record at the same time', async () => {
    const home = temporaryHome();
    const tail = await startTail(home, ['--json']);
    const requests = Array.from({ length: 24 }, (_, index) => ({
      session: `s${index % 4}`,
      id: `msg_${10 + index}`,
    }));
    const shown = await shownBy(
      tail,
      async () => {
        for (let index = 0; index < requests.length; index += 6) {
          await recordAtOnce(home, requests.slice(index, index + 6));
        }
        // Again with what its end tells: the same requests.
        await recordAtOnce(
          home,
          requests.slice(0, 6).map((facts) => ({ ...facts, output: 900 })),
        );
        record(home, { session: 's0', id: 'msg_last' });
      },
      'msg_last',
    );
    expect(shown.toSorted()).toEqual([...requests.map(({ id }) => id), 'msg_last']);
  });

  test('shows a request once that a payload told first and the transcript then', async () => {
    const home = temporaryHome();
    const tail = await startTail(home, ['--json']);
    const usage = { input_tokens: 1, output_tokens: 1 };
    const response = { id: 'msg_1', model: 'claude-opus-4-5', usage };
    const shown = await shownBy(
      tail,
      async () => {
        hook(home, toolEvent('s1', null, { response }));
        await tail.shows('msg_1');
        record(home, { session: 's1', id: 'msg_1' });
        record(home, { session: 's1', id: 'msg_2' });
      },
      'msg_2',
    );
    expect(shown).toEqual(['msg_1', 'msg_2']);
  });

  test('survives VACUUM', async () => {
    const home = temporaryHome();
    record(home, { session: 's1', id: 'msg_old' });
    const tail = await startTail(home, ['--json']);
    record(home, { session: 's1', id: 'msg_1' });
    const shown = await shownBy(
      tail,
      () => {
        openFile(home.ledger, { timeout: 5000 }).exec('VACUUM').close();
        record(home, { session: 's1', id: 'msg_2' });
      },
      'msg_2',
    );
    expect(shown).toEqual(['msg_1', 'msg_2']);
  });

  test.each([
    ['with the files beside it', ['', '-wal', '-shm']],
    ['alone', ['']],
  ])('survives the deletion of the ledger %s, and shows nothing twice', async (_, ends) => {
    const home = temporaryHome();
    record(home, { session: 's1', id: 'msg_old' });
    const tail = await startTail(home, ['--json']);
    record(home, { session: 's1', id: 'msg_1' });
    await tail.shows('msg_1');
    for (const id of ['msg_2', 'msg_3']) {
      await shownBy(
        tail,
        () => {
          for (const end of ends) rmSync(home.ledger + end, { force: true });
          // The whole transcript is read again, with what tail has shown and what it had not to.
          record(home, { session: 's1', id });
        },
        id,
      );
    }
    rmSync(home.data, { recursive: true });
    await pause(700);
    const shown = await shownBy(tail, () => record(home, { session: 's1', id: 'msg_4' }), 'msg_4');
    expect(shown).toEqual(['msg_1', 'msg_2', 'msg_3', 'msg_4']);
    expect(await tail.end()).toMatchObject({ status: 0, signal: null });
    // Its end takes nothing along: SQLite shares the files beside the ledger among processes.
    expect(recordedIds(home)).toEqual(['msg_1', 'msg_2', 'msg_3', 'msg_4', 'msg_old']);
  });

  test('says all of a record', async () => {
    const home = temporaryHome();
    const tail = await startTail(home, ['--json']);
    record(home, {
      session: 's1',
      id: 'msg_1',
      write1h: 5,
      isFinal: false,
      tools: [['call_1', 'Bash']],
    });
    await tail.shows('msg_1');
    expect(JSON.parse(tail.lines()[0] ?? '')).toMatchObject({
      id: 'msg_1|req_msg_1',
      occurredAtMs: Date.parse('2026-11-20T10:00:00.000Z'),
      sessionId: 's1',
      agentId: null,
      model: 'claude-opus-4-5',
      provider: 'anthropic',
      taskType: 'main',
      inputTokens: 10,
      outputTokens: 100,
      cacheReadTokens: 0,
      cacheWrite5mTokens: 0,
      cacheWrite1hTokens: 5,
      costNanoUsd: 2_600_000,
      costUsd: 0.0026,
      priceBasis: 'exact',
      isOutputFinal: false,
      toolName: 'Bash',
      traceId: 'req_msg_1',
      project: '/home/user/shop',
      source: 'hook',
    });
  });
});

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
    { session: 'abd-2', id: 'msg_2', model: 'claude-haiku-4-5' },
    { session: 'abc-1', id: 'msg_3' },
  ];
  test.each([
    ['--session', 'abc', ['msg_1', 'msg_3']],
    ['--session', 'abd-2', ['msg_2']],
    ['--model', 'claude-haiku-4-5-20251001', ['msg_2']],
    ['--tool', 'Bash', ['msg_1']],
  ])('%s %s', async (flag, value, expected) => {
    const home = temporaryHome();
    const tail = new Tail(home, ['--json', flag, value, '--since', '2026-11-20']);
    for (const facts of all) record(home, facts);
    await tail.shows(expected.at(-1) ?? '');
    await pause(700);
    expect(tail.ids()).toEqual(expected);
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
