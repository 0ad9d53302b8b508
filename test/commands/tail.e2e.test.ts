import { existsSync, rmSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { hook } from '../helpers/program/run.ts';
import { openFile, temporaryHome } from '../helpers/home.ts';
import { recordedIds } from '../helpers/recorded.ts';
import { append, request, toolEvent, transcriptPath } from '../helpers/lines.ts';
import { Tail, pause, record, recordAtOnce, shownBy, startTail } from '../helpers/program/tail.ts';

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
