import { execFileSync } from 'node:child_process';
import {
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { report } from '../helpers/program/history.ts';
import { type Home, temporaryHome } from '../helpers/home.ts';
import { SILENT, cli, hook } from '../helpers/program/run.ts';
import { ledgerTotals, problems, recordedIds, spooled } from '../helpers/recorded.ts';
import { append, request, toolEvent, transcriptPath } from '../helpers/lines.ts';

const line = (id: string, extra: object = {}): string => request({ session: 's1', id, ...extra });

/** The event that must record everything, whatever came before it. */
function expectGoodEvent(home: Home, before: string[]): void {
  const path = append(
    transcriptPath(home, 'good'),
    request({ session: 'good', id: 'msg_good', model: 'claude-haiku-4-5' }),
  );
  expect(hook(home, toolEvent('good', path))).toEqual(SILENT);
  expect(recordedIds(home)).toEqual([...before, 'msg_good'].toSorted());
  expect(spooled(home)).toEqual([]);
}

describe('a transcript path that names', () => {
  test('nothing, and later a transcript', () => {
    const home = temporaryHome();
    const path = transcriptPath(home, 's1');
    expect(hook(home, toolEvent('s1', path))).toEqual(SILENT);
    append(path, line('msg_1'));
    expect(hook(home, toolEvent('s1', path))).toEqual(SILENT);
    expect(recordedIds(home)).toEqual(['msg_1']);
    expect(problems(home)).toEqual([]);
  });

  test.each(['/', '/dev/null', '/dev/zero', '/dev/full', '/proc/self/mem'])('%s', (path) => {
    const home = temporaryHome();
    expect(hook(home, toolEvent('s1', path))).toEqual(SILENT);
    expect(hook(home, toolEvent('s1', '/x', { agent_transcript_path: path }))).toEqual(SILENT);
    expectGoodEvent(home, []);
  });

  test('a folder', () => {
    const home = temporaryHome();
    const path = transcriptPath(home, 's1');
    mkdirSync(path, { recursive: true });
    expect(hook(home, toolEvent('s1', path))).toEqual(SILENT);
    expectGoodEvent(home, []);
  });
});

describe('a FIFO that nobody writes to does not hold the agent up', () => {
  test.each([
    ['as the transcript', 's1.jsonl'],
    ['as a subagent transcript', 's1/subagents/agent-a1.jsonl'],
    ['as an old subagent transcript', 'agent-a1.jsonl'],
    ['as what is known of a subagent', 's1/subagents/agent-a2.meta.json'],
  ])('%s', (_, name) => {
    const home = temporaryHome();
    const path = transcriptPath(home, 's1');
    const fifo = join(dirname(path), name);
    append(join(dirname(path), 's1/subagents/agent-a2.jsonl'), line('msg_2', { agentId: 'a2' }));
    if (fifo !== path) append(path, line('msg_1'));
    execFileSync('mkfifo', [fifo]);
    expect(hook(home, toolEvent('s1', path))).toEqual(SILENT);
    expect(recordedIds(home)).toEqual(fifo === path ? ['msg_2'] : ['msg_1', 'msg_2']);
  });

  test('as the subagent transcript that the event names', () => {
    const home = temporaryHome();
    const path = append(transcriptPath(home, 's1'), line('msg_1'));
    const fifo = join(home.folder, 'agent-a1.jsonl');
    execFileSync('mkfifo', [fifo]);
    expect(hook(home, toolEvent('s1', path, { agent_transcript_path: fifo }))).toEqual(SILENT);
    expect(recordedIds(home)).toEqual(['msg_1']);
  });
});

/** A home whose ledger knows a transcript of two requests. */
function afterTwo(): { home: Home; path: string; next: () => void } {
  const home = temporaryHome();
  const path = append(transcriptPath(home, 's1'), line('msg_1'), line('msg_2'));
  const next = (): void => expect(hook(home, toolEvent('s1', path))).toEqual(SILENT);
  next();
  return { home, path, next };
}

describe('a transcript that was read and then', () => {
  test('was deleted keeps what was recorded', () => {
    const { home, path, next } = afterTwo();
    rmSync(path);
    next();
    expect(recordedIds(home)).toEqual(['msg_1', 'msg_2']);
  });

  test('shrank to nothing and grew again', () => {
    const { home, path, next } = afterTwo();
    truncateSync(path, 0);
    next();
    next();
    append(path, line('msg_3'));
    next();
    expect(recordedIds(home)).toEqual(['msg_1', 'msg_2', 'msg_3']);
  });

  test('was cut in the middle of a line and written on', () => {
    const { home, path, next } = afterTwo();
    truncateSync(path, readFileSync(path).indexOf('\n') + 40);
    next();
    append(path, '', line('msg_3'));
    next();
    expect(recordedIds(home)).toEqual(['msg_1', 'msg_2', 'msg_3']);
  });

  test('was replaced by another file', () => {
    const { home, path, next } = afterTwo();
    const other = append(join(home.folder, 'other'), line('msg_2'), line('msg_4'), line('msg_3'));
    renameSync(other, path);
    next();
    append(path, line('msg_5'));
    next();
    expect(recordedIds(home)).toEqual(['msg_1', 'msg_2', 'msg_3', 'msg_4', 'msg_5']);
  });

  test('was rewritten in place with the same length', () => {
    const { home, path, next } = afterTwo();
    writeFileSync(path, readFileSync(path, 'utf8').replaceAll('msg_1', 'msg_7'));
    next();
    append(path, line('msg_8'));
    next();
    expect(recordedIds(home)).toEqual(['msg_1', 'msg_2', 'msg_7', 'msg_8']);
  });

  test('was put back as a copy', () => {
    const { home, path, next } = afterTwo();
    const text = readFileSync(path);
    rmSync(path);
    writeFileSync(path, text);
    append(path, line('msg_3'));
    next();
    expect(recordedIds(home)).toEqual(['msg_1', 'msg_2', 'msg_3']);
  });

  test('became a link to itself', () => {
    const { home, path, next } = afterTwo();
    rmSync(path);
    symlinkSync(path, path);
    next();
    // The event itself arrived, and its payload counts.
    expect(ledgerTotals(home).hookEvents).toBe(2);
    expectGoodEvent(home, ['msg_1', 'msg_2']);
  });
});

describe('one line that no client writes must not stop the recording of all others', () => {
  test.each([
    ['a year beyond the calendar', { at: '+012345-01-01T00:00:00.000Z' }],
    ['the last time that a date can hold', { at: '+275760-09-13T00:00:00.000Z' }],
    ['a number for a time', { at: '12345' }],
  ])('%s', (_, extra) => {
    const home = temporaryHome();
    const path = append(transcriptPath(home, 's1'), line('msg_1'), line('msg_2', extra));
    append(path, line('msg_3'));
    expect(hook(home, toolEvent('s1', path))).toEqual(SILENT);
    const ids = recordedIds(home);
    expect(ids).toEqual(expect.arrayContaining(['msg_1', 'msg_3']));
    expect(spooled(home)).toEqual([]);
    expect(cli(home, ['verify'])).toMatchObject({ status: 0, stderr: '' });
    for (const by of ['model', 'session', 'session,day', 'month']) {
      const { totals } = report(home, 'summary', '--by', by, '-z', 'Asia/Tokyo');
      expect([by, totals.requests]).toEqual([by, ids.length]);
    }
  });

  test('counts that overflow when they are added up', () => {
    const home = temporaryHome();
    const output = Number.MAX_SAFE_INTEGER;
    const lines = Array.from({ length: 1100 }, (_, index) => line(`msg_${index}`, { output }));
    const path = append(transcriptPath(home, 's1'), ...lines);
    expect(hook(home, toolEvent('s1', path))).toEqual(SILENT);
    const good = append(transcriptPath(home, 's2'), request({ session: 's2', id: 'msg_good' }));
    expect(hook(home, toolEvent('s2', good))).toEqual(SILENT);
    expect(recordedIds(home)).toContain('msg_good');
  });
});
