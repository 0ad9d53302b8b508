import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Ledger } from '../../src/store/connection/open.ts';
import { fc } from '../helpers/fast-check.ts';
import {
  callsOf,
  faultsOf,
  importInto,
  recordsOf,
  temporaryFolder,
  temporaryLedger,
} from '../helpers/ledger.ts';
import {
  type Line,
  assistantLine,
  progressLine,
  promptLine,
  textOf,
  time,
  writeTree,
} from '../helpers/transcripts.ts';

const born = (session: string, at: number): Line => ({
  type: 'queue-operation',
  sessionId: session,
  timestamp: time(at),
});

/** Imports files, given by their lines, one after another in the order given and in the reverse. */
function both(files: Record<string, Line[]>, check: (db: Ledger) => void): void {
  for (const isReversed of [false, true]) {
    const folder = temporaryFolder();
    const { db } = temporaryLedger();
    const tree = Object.fromEntries(
      Object.entries(files).map(([name, lines]) => [name, textOf(lines)]),
    );
    writeTree(folder, tree);
    importInto(db, folder, {
      order: () => {
        const names = Object.keys(files).filter((name) => name.endsWith('.jsonl'));
        const paths = names.map((name) => join(folder, name));
        return isReversed ? paths.toReversed() : paths;
      },
    });
    check(db);
    expect(faultsOf(db)).toEqual([]);
  }
}

function rows(db: Ledger, columns: string): unknown[] {
  return db.prepare(`SELECT ${columns} FROM cost_records ORDER BY id`).raw().all();
}

describe('one request', () => {
  const request = { session: 's', message: 'm', request: 'r' };

  test('is one row however many lines it has; the largest of each count stands', () => {
    const lines = [
      assistantLine({ ...request, at: 1, output: 1, stop: null, read: 50, input: 3 }),
      assistantLine({ ...request, at: 2, output: 400, input: 7 }),
      assistantLine({ ...request, at: 3, output: 2, input: 9, stop: null }),
    ];
    both({ 'p/s.jsonl': lines }, (db) => {
      const columns =
        'output_tokens, input_tokens, cache_read_tokens, is_output_final, occurred_at_ms';
      expect(rows(db, columns)).toEqual([[400, 9, 50, 1, Date.parse(time(1))]]);
    });
  });

  test('keeps the larger total and the larger 1-hour part of its cache writes', () => {
    const lines = [
      assistantLine({ ...request, at: 1, write5m: 900, write1h: 100 }),
      assistantLine({ ...request, at: 2, write5m: 0, write1h: 700 }),
    ];
    both({ 'p/s.jsonl': lines }, (db) => {
      expect(rows(db, 'cache_write_5m_tokens, cache_write_1h_tokens')).toEqual([[300, 700]]);
    });
  });

  test('takes its model from the line with the most output', () => {
    const lines = [
      assistantLine({ ...request, at: 1, output: 5, model: 'claude-opus-4-8' }),
      assistantLine({ ...request, at: 2, output: 6, model: 'claude-sonnet-5' }),
      assistantLine({ ...request, at: 3, output: 1, model: 'claude-haiku-5-5' }),
    ];
    both({ 'p/s.jsonl': lines }, (db) => expect(rows(db, 'model')).toEqual([['claude-sonnet-5']]));
  });

  test('has the tool that was called first, also where a fork with a later part of it was read first', () => {
    const line = (session: string, at: number, name: string): Line =>
      assistantLine({ ...request, session, at, uuid: `u${at}`, tools: [{ id: `t${at}`, name }] });
    const files = {
      'p/s.jsonl': [line('s', 1, 'Write'), line('s', 2, 'Bash'), line('s', 3, 'Read')],
      'p/f.jsonl': [born('f', 9), line('f', 2, 'Bash'), line('f', 3, 'Read')],
    };
    both(files, (db) => expect(rows(db, 'session_id, tool_name')).toEqual([['s', 'Write']]));
  });

  test('calls tools within one millisecond: the same one is named whichever was read first', () => {
    const line = (session: string, name: string): Line =>
      assistantLine({ ...request, session, at: 1, uuid: name, tools: [{ id: name, name }] });
    const files = {
      'p/s.jsonl': [line('s', 'Write'), line('s', 'Bash')],
      'p/f.jsonl': [born('f', 9), line('f', 'Write')],
    };
    both(files, (db) => expect(rows(db, 'tool_name')).toEqual([['Bash']]));
  });

  test('whose output never became final is marked', () => {
    both({ 'p/s.jsonl': [assistantLine({ ...request, stop: null, output: 1 })] }, (db) =>
      expect(rows(db, 'is_output_final')).toEqual([[0]]),
    );
  });

  test('without a request id is told by its message and counts, without either by its line', () => {
    const lines = [
      assistantLine({ session: 's', message: 'm', at: 1, input: 2, read: 3, write5m: 4 }),
      assistantLine({ session: 's', message: 'm', at: 2, input: 2, read: 3, write1h: 4 }),
      assistantLine({ session: 's', uuid: 'u1' }),
      assistantLine({ session: 's', uuid: 'u2' }),
    ];
    both({ 'p/s.jsonl': lines }, (db) =>
      expect(rows(db, 'id')).toEqual([['m|@2:3:4'], ['uuid:u1'], ['uuid:u2']]),
    );
  });

  test('that is synthetic, an API error or without usage is none', () => {
    const lines = [
      assistantLine({ ...request, model: '<synthetic>' }),
      { ...assistantLine({ ...request, message: 'm2' }), isApiErrorMessage: true },
      { type: 'assistant', sessionId: 's', message: { id: 'm3', model: 'claude-opus-4-8' } },
    ];
    both({ 'p/s.jsonl': lines }, (db) => expect(rows(db, 'id')).toEqual([]));
  });
});

describe('a subagent', () => {
  const main = [
    promptLine('s', 0, 'p1'),
    assistantLine({
      session: 's',
      message: 'm',
      request: 'r',
      at: 1,
      tools: [{ id: 't1', name: 'Agent' }],
    }),
  ];
  const own = assistantLine({ session: 's', message: 'n', request: 'q', at: 2, agent: 'a1' });

  test('works for the prompt whose tool call started it, also one level further down', () => {
    const inner = assistantLine({ session: 's', message: 'i', request: 'q2', at: 3, agent: 'a2' });
    const ownWithCall = assistantLine({
      session: 's',
      message: 'n',
      request: 'q',
      at: 2,
      agent: 'a1',
      tools: [{ id: 't2', name: 'Agent' }],
    });
    const folder = 'p/s/subagents';
    both(
      {
        'p/s.jsonl': main,
        [`${folder}/agent-a1.meta.json`]: [{ agentType: 'explorer', toolUseId: 't1' }],
        [`${folder}/agent-a2.meta.json`]: [
          { agentType: 'reader', toolUseId: 't2', parentAgentId: 'a1' },
        ],
        [`${folder}/agent-a1.jsonl`]: [ownWithCall],
        [`${folder}/workflows/w/agent-a2.jsonl`]: [inner],
        [`${folder}/workflows/w/agent-a2.meta.json`]: [
          { agentType: 'reader', toolUseId: 't2', parentAgentId: 'a1' },
        ],
      },
      (db) =>
        expect(rows(db, 'agent_id, prompt_id, parent_agent_id, task_type')).toEqual([
          ['a2', 'p1', 'a1', 'subagent'],
          [null, 'p1', null, 'main'],
          ['a1', 'p1', null, 'subagent'],
        ]),
    );
  });

  test('repeated inside a progress line is counted once', () => {
    both(
      {
        'p/s.jsonl': [...main, progressLine('s', 'a1', own, 3)],
        'p/s/subagents/agent-a1.jsonl': [own],
      },
      (db) =>
        expect(rows(db, 'id, agent_id')).toEqual([
          ['m|r', null],
          ['n|q', 'a1'],
        ]),
    );
  });

  test('that repeats a message of its main thread under another request id replays it', () => {
    const replay = assistantLine({ session: 's', message: 'm', request: 'other', agent: 'a1' });
    both({ 'p/s.jsonl': main, 'p/s/subagents/agent-a1.jsonl': [replay, own] }, (db) =>
      expect(rows(db, 'id, agent_id')).toEqual([
        ['m|r', null],
        ['n|q', 'a1'],
      ]),
    );
  });
});

describe('a fork', () => {
  const request = { message: 'm', request: 'r', at: 1 };

  test('does not move spend: who was born first owns it, by id if both were born at once', () => {
    const fork = [born('a-fork', 100), assistantLine({ session: 'a-fork', ...request })];
    const parent = [born('z-parent', 0), assistantLine({ session: 'z-parent', ...request })];
    both({ 'p/a-fork.jsonl': fork, 'p/z-parent.jsonl': parent }, (db) =>
      expect(rows(db, 'session_id')).toEqual([['z-parent']]),
    );
    const twin = [born('b', 0), assistantLine({ session: 'b', ...request })];
    const other = [born('a', 0), assistantLine({ session: 'a', ...request })];
    both({ 'p/b.jsonl': twin, 'p/a.jsonl': other }, (db) =>
      expect(rows(db, 'session_id')).toEqual([['a']]),
    );
  });

  test('whose copied lines name the owner gives it what is its, seen or not', () => {
    const fork = [born('f', 0), assistantLine({ session: 'f', owner: 'gone', ...request })];
    both({ 'p/f.jsonl': fork }, (db) => expect(rows(db, 'session_id')).toEqual([['gone']]));
  });
});

describe('a damaged transcript', () => {
  const good = (message: string): string =>
    JSON.stringify(assistantLine({ session: 's', message, request: 'r' }));

  test('loses only the line that is damaged; what stands whole behind a torn half counts', () => {
    const folder = temporaryFolder();
    const { db } = temporaryLedger();
    const text = [
      good('m1'),
      `${good('m2').slice(0, 90)}${good('m3')}`,
      `\0\0\0\0${good('m4')}`,
      'garbage',
      good('m5'),
    ];
    const bytes = Buffer.concat([
      Buffer.from(`${text.join('\n')}\n`),
      Buffer.from([0xff, 0xfe, 10]),
      Buffer.from(`${good('m6')}\n${good('m7').slice(0, -1)}`),
    ]);
    writeTree(folder, { 'p/s.jsonl': bytes });
    importInto(db, folder);
    // m7 is not complete yet: it is left for later.
    expect(rows(db, 'message_id')).toEqual([['m1'], ['m3'], ['m4'], ['m5'], ['m6']]);
  });

  test.each([
    ['two lines', (a: string, b: string) => `${a}${b}`, ['m1', 'm2']],
    [
      'two lines and the start of a third',
      (a: string, b: string) => `${a}${b}${a.slice(0, 50)}`,
      ['m1', 'm2'],
    ],
    ['the end of one, then two', (a: string, b: string) => `${a.slice(40)}${a}${b}`, ['m1', 'm2']],
    [
      'the start of one, then two',
      (a: string, b: string) => `${a.slice(0, 90)}${a}${b}`,
      ['m1', 'm2'],
    ],
    ['one, half of one, one', (a: string, b: string) => `${a}${b.slice(0, 90)}${b}`, ['m1', 'm2']],
    ['two with a space between them', (a: string, b: string) => `${a} ${b}`, ['m1', 'm2']],
  ])('counts every complete object that shares a line: %s', (_, glue, messages) => {
    const folder = temporaryFolder();
    const { db } = temporaryLedger();
    writeTree(folder, { 'p/s.jsonl': `${glue(good('m1'), good('m2'))}\n${good('m9')}\n` });
    importInto(db, folder);
    expect(rows(db, 'message_id')).toEqual([...messages, 'm9'].map((id) => [id]));
  });
});

describe('a last line without a newline', () => {
  const line = (message: string, at = 1): string =>
    JSON.stringify(assistantLine({ session: 's', message, request: 'r', at }));
  const main = (folder: string): string => join(folder, 'p/s.jsonl');

  test('counts once it is a complete object, and once only when the newline comes', () => {
    const folder = temporaryFolder();
    const { db } = temporaryLedger();
    const text = `${line('m1')}\n${line('m2', 2)}`;
    writeTree(folder, { 'p/s.jsonl': text.slice(0, -1) });
    importInto(db, folder);
    expect(rows(db, 'message_id')).toEqual([['m1']]);
    writeFileSync(main(folder), text);
    expect(importInto(db, folder).addedRequests).toBe(1);
    expect(rows(db, 'message_id')).toEqual([['m1'], ['m2']]);
    // Nothing has changed: nothing is read.
    expect(importInto(db, folder).lines).toBe(0);
    appendFileSync(main(folder), `\n${line('m3', 3)}`);
    expect(importInto(db, folder).addedRequests).toBe(1);
    appendFileSync(main(folder), '\n');
    expect(importInto(db, folder).addedRequests).toBe(0);
    expect(rows(db, 'message_id')).toEqual([['m1'], ['m2'], ['m3']]);
    expect(faultsOf(db)).toEqual([]);
  });

  test('of any file gives what the same file with a newline gives, steps included', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(3), { minLength: 1, maxLength: 12 }), (messages) => {
        const lines = messages.map((message, at) => line(`m${message}`, at));
        const results = ['', '\n'].map((end) => {
          const folder = temporaryFolder();
          const { db } = temporaryLedger();
          for (let count = 1; count <= lines.length; count++) {
            const text = lines.slice(0, count).join('\n');
            writeTree(folder, { 'p/s.jsonl': `${text}${end}` });
            importInto(db, folder);
          }
          const steps = db
            .prepare(
              'SELECT ordinal, line_count, step_json FROM attribution_steps ORDER BY ordinal',
            )
            .all();
          return { records: recordsOf(db), calls: callsOf(db), steps, faults: faultsOf(db) };
        });
        expect(results[0]).toEqual(results[1]);
      }),
      { numRuns: 30 },
    );
  });
});
