import { execFileSync, spawn } from 'node:child_process';
import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type Home, temporaryHome } from '../helpers/home.ts';
import { type Run, SILENT, hook, hookFile } from '../helpers/program/run.ts';
import { problems, recordedIds } from '../helpers/recorded.ts';
import { append, request, toolEvent, transcriptPath } from '../helpers/lines.ts';

const MEGABYTE = 1024 * 1024;

/** The event that must record everything, whatever came before it. */
function goodEvent(home: Home): object {
  const path = append(transcriptPath(home, 's1'), request({ session: 's1', id: 'msg_good' }));
  return toolEvent('s1', path);
}

const strange: Record<string, () => string | Buffer> = {
  'nothing at all': () => '',
  'a line end': () => '\n',
  'binary data': () => Buffer.from(Array.from({ length: 4096 }, (_, index) => (index * 7) % 256)),
  'NUL bytes': () => Buffer.alloc(4096),
  '50 MB of garbage': () => Buffer.alloc(50 * MEGABYTE, 'x'),
  'half an object': () => JSON.stringify(toolEvent('s1', '/x.jsonl')).slice(0, 60),
  'two objects': () => `${JSON.stringify(toolEvent('s1', null))}\n`.repeat(2),
  'an array': () => '[{"transcript_path":"/x.jsonl"}]',
  'a number': () => '17',
  'a string': () => '"transcript_path"',
  null: () => 'null',
  'an empty object': () => '{}',
  'a million open brackets': () => '['.repeat(MEGABYTE),
  'an object a million deep': () => '{"a":'.repeat(MEGABYTE),
};

describe('stdin', () => {
  test.each(Object.entries(strange))('%s says nothing and breaks nothing', (_, input) => {
    const home = temporaryHome();
    expect(hook(home, input())).toEqual(SILENT);
    expect(recordedIds(home)).toEqual([]);
    expect(hook(home, goodEvent(home))).toEqual(SILENT);
    expect(recordedIds(home)).toEqual(['msg_good']);
  });

  test('a tool response of 50 MB', () => {
    const home = temporaryHome();
    const event = { ...goodEvent(home), tool_response: { stdout: 'x'.repeat(50 * MEGABYTE) } };
    expect(hook(home, event)).toEqual(SILENT);
    expect(recordedIds(home)).toEqual(['msg_good']);
  });

  test('what is no JSON is a line in the log that does not quote it', () => {
    const home = temporaryHome();
    hook(home, 'a secret');
    hook(home, '[]');
    expect(problems(home)).toEqual([
      'event: the event is not JSON',
      'event: the event is not a JSON object',
    ]);
  });
});

const WRONG_VALUES = [null, true, -1, 1.5, '', [], ['x'], {}, { id: 1 }];
const TEXT_FIELDS = ['hook_event_name', 'session_id', 'transcript_path', 'agent_transcript_path'];
TEXT_FIELDS.push('cwd', 'prompt_id', 'agent_id', 'agent_type', 'tool_name', 'tool_use_id');
const FIELDS = [...TEXT_FIELDS, 'duration_ms', 'tool_input', 'tool_response', 'usage', 'response'];

describe('fields', () => {
  test.each(WRONG_VALUES.map((value) => [JSON.stringify(value), value]))(
    '%s in every field',
    (_, value) => {
      const home = temporaryHome();
      const event = Object.fromEntries(FIELDS.map((name) => [name, value]));
      expect(hook(home, event)).toEqual(SILENT);
      // One field wrong at a time must not cost the transcript its reading.
      const { transcript_path: path } = goodEvent(home) as { transcript_path: string };
      expect(hook(home, { ...event, transcript_path: path })).toEqual(SILENT);
      expect(recordedIds(home)).toEqual(['msg_good']);
    },
  );

  test.each([
    ['paths', '../../../../etc/passwd'],
    ['NUL bytes', 'a\0b'],
    ['100 kB', 'x'.repeat(100_000)],
    ['half a surrogate pair', 'a\uD800'],
    ['SQL', `'); DROP TABLE cost_records; --`],
  ])('%s in every id', (_, text) => {
    const home = temporaryHome();
    const usage = { input_tokens: 5, output_tokens: 6 };
    const event = { ...Object.fromEntries(TEXT_FIELDS.map((name) => [name, text])), usage };
    expect(hook(home, { ...event, model: 'claude-opus-4-5' })).toEqual(SILENT);
    expect(hook(home, { ...event, model: text, response: { id: text } })).toEqual(SILENT);
    expect(hook(home, goodEvent(home))).toEqual(SILENT);
    expect(recordedIds(home)).toContain('msg_good');
  });

  test('names that objects have from their prototype', () => {
    const home = temporaryHome();
    const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf'];
    const odd = names.map((name) => `${JSON.stringify(name)}:{"transcript_path":"/x","usage":1}`);
    expect(hook(home, `{${odd.join(',')}}`)).toEqual(SILENT);
    const good = JSON.stringify(goodEvent(home));
    expect(hook(home, `{${odd.join(',')},${good.slice(1)}`)).toEqual(SILENT);
    expect(recordedIds(home)).toEqual(['msg_good']);
  });
});

describe('switches', () => {
  test.each([{ TALLYHOOK_DISABLE: '1' }, { TRACK_COSTS: 'false' }])('%o records nothing', (env) => {
    const home = temporaryHome();
    const event = goodEvent(home);
    expect(hook(home, event, { env })).toEqual(SILENT);
    expect(recordedIds(home)).toEqual([]);
    expect(problems(home)).toEqual([]);
    expect(hook(home, event)).toEqual(SILENT);
    expect(recordedIds(home)).toEqual(['msg_good']);
  });

  test.each([['nonsense'], ['__proto__'], ['constructor'], ['']])('--agent %j', (name) => {
    const home = temporaryHome();
    const event = goodEvent(home);
    expect(hook(home, event, { args: ['--agent', name] })).toEqual(SILENT);
    expect(recordedIds(home)).toEqual([]);
    expect(problems(home)).toEqual([`arguments: no agent is called ${JSON.stringify(name)}`]);
    expect(hook(home, event, { args: ['--agent', 'claude-code'] })).toEqual(SILENT);
    expect(recordedIds(home)).toEqual(['msg_good']);
  });
});

/** Runs the hook on a stdin that nobody closes; it is killed where it does not end by itself. */
function hookOnOpenPipe(home: Home, kind: 'socket' | 'fifo', text: string): Promise<Run> {
  let stdin: number | 'pipe' = 'pipe';
  if (kind === 'fifo') {
    const path = join(home.folder, 'stdin');
    execFileSync('mkfifo', [path]);
    const fd = openSync(path, 'r+');
    onTestFinished(() => closeSync(fd));
    stdin = fd;
  }
  const child = spawn(process.execPath, [hookFile], {
    env: home.env,
    stdio: [stdin, 'pipe', 'pipe'],
  });
  if (typeof stdin === 'number') writeSync(stdin, text);
  else child.stdin?.write(text);
  const run: Run = { status: null, signal: null, stdout: '', stderr: '' };
  child.stdout?.on('data', (data: Buffer) => (run.stdout += data.toString()));
  child.stderr?.on('data', (data: Buffer) => (run.stderr += data.toString()));
  const timer = setTimeout(() => child.kill('SIGKILL'), 30_000);
  return new Promise((resolve) => {
    child.on('close', (status, signal) => {
      clearTimeout(timer);
      resolve({ ...run, status, signal });
    });
  });
}

describe.each(['socket', 'fifo'] as const)('a %s that stays open', (kind) => {
  test('with nothing in it: the hook ends by itself', async () => {
    const home = temporaryHome();
    expect(await hookOnOpenPipe(home, kind, '')).toEqual(SILENT);
  });

  test('with a whole event in it: the hook records it and ends by itself', async () => {
    const home = temporaryHome();
    expect(await hookOnOpenPipe(home, kind, JSON.stringify(goodEvent(home)))).toEqual(SILENT);
    expect(recordedIds(home)).toEqual(['msg_good']);
  });
});
