import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { faultsOf, importInto, temporaryFolder, temporaryLedger } from '../helpers/ledger.ts';
import { sharedFolder } from '../helpers/shared.ts';
import {
  type Line,
  type RequestFacts,
  assistantLine,
  textOf,
  time,
  writeTree,
} from '../helpers/transcripts.ts';

const born = (session: string, at: number): Line => ({
  type: 'queue-operation',
  sessionId: session,
  timestamp: time(at),
});
const line = (session: string, facts: Partial<RequestFacts> = {}): Line =>
  assistantLine({ session, message: 'm', at: 1, ...facts });
const none = { input: 0, read: 0 };

const AGENT = 'p/s/subagents/agent-a1.jsonl';

type Row = [session: string, input: number, output: number, tool: string | null];
const CASES: [name: string, files: Record<string, Line[]>, rows: Row[]][] = [
  [
    "a fork's copies, with its own lines",
    {
      'p/s.jsonl': [born('s', 0), line('s', { input: 1 }), line('s', { message: 'n', input: 2 })],
      'p/f.jsonl': [born('f', 9), line('f', { input: 1 }), line('f', { message: 'o', input: 3 })],
    },
    [
      ['s', 1, 100, null],
      ['s', 2, 100, null],
      ['f', 3, 100, null],
    ],
  ],
  [
    'a request id that is null',
    {
      'p/s.jsonl': [born('s', 0), { ...line('s'), requestId: null }],
      'p/f.jsonl': [born('f', 9), { ...line('f'), requestId: null }],
    },
    [['s', 10, 100, null]],
  ],
  [
    'a copy with other ids of its lines and a later part of the response',
    {
      'p/s.jsonl': [born('s', 0), line('s', { output: 1, stop: null, uuid: 'u1' })],
      'p/f.jsonl': [born('f', 9), line('f', { output: 70, uuid: 'u2' })],
    },
    [['s', 10, 70, null]],
  ],
  [
    "a gateway's constant id",
    { 'p/s.jsonl': [line('s', { input: 1 }), line('s', { input: 2 }), line('s', { input: 3 })] },
    [
      ['s', 1, 100, null],
      ['s', 2, 100, null],
      ['s', 3, 100, null],
    ],
  ],
  [
    'the same input but other cache counts',
    {
      'p/s.jsonl': [
        line('s', { read: 1 }),
        line('s', { read: 2 }),
        line('s', { read: 2, write5m: 1 }),
        line('s', { read: 2, write1h: 1 }),
      ],
    },
    [
      ['s', 10, 100, null],
      ['s', 10, 100, null],
      ['s', 10, 100, null],
    ],
  ],
  [
    "a gateway's counter that began again in another session",
    {
      'p/s.jsonl': [born('s', 0), line('s', { input: 5 })],
      'p/f.jsonl': [born('f', 9), line('f', { input: 7, at: 90 })],
    },
    [
      ['s', 5, 100, null],
      ['f', 7, 100, null],
    ],
  ],
  [
    'a placeholder before the counts',
    {
      'p/s.jsonl': [
        line('s', { ...none, output: 0, stop: null, tools: [{ id: 't', name: 'Read' }] }),
        line('s', { input: 5, at: 2 }),
      ],
    },
    [['s', 5, 100, 'Read']],
  ],
  [
    'a placeholder in a transcript of its own',
    {
      'p/s.jsonl': [born('s', 0), line('s', { ...none, output: 3 })],
      'p/f.jsonl': [born('f', 9), line('f', { input: 5, output: 1, at: 2 })],
    },
    [['s', 5, 3, null]],
  ],
  [
    'a placeholder of a request that has a request id',
    { 'p/s.jsonl': [line('s', none), line('s', { input: 5, request: 'r' })] },
    [['s', 5, 100, null]],
  ],
  [
    'nothing but placeholders',
    { 'p/s.jsonl': [line('s', none), line('s', none)] },
    [['s', 0, 100, null]],
  ],
  [
    'a placeholder that may be of several requests changes none',
    {
      'p/s.jsonl': [
        line('s', { ...none, output: 900 }),
        line('s', { input: 1 }),
        line('s', { input: 2 }),
      ],
    },
    [
      ['s', 1, 100, null],
      ['s', 2, 100, null],
    ],
  ],
  [
    "a subagent's copy under another request id",
    {
      'p/s.jsonl': [line('s', { request: 'r', input: 5 })],
      [AGENT]: [line('s', { request: 'other', input: 5, agent: 'a1' })],
    },
    [['s', 5, 100, null]],
  ],
  [
    "a subagent's copy without a request id",
    {
      'p/s.jsonl': [line('s', { request: 'r', input: 5 })],
      [AGENT]: [line('s', { input: 5, agent: 'a1' })],
    },
    [['s', 5, 100, null]],
  ],
  [
    "a subagent's own request under the message id of its main thread",
    {
      'p/s.jsonl': [line('s', { request: 'r', input: 5 })],
      [AGENT]: [line('s', { request: 'other', input: 6, agent: 'a1' })],
    },
    [
      ['s', 5, 100, null],
      ['s', 6, 100, null],
    ],
  ],
  [
    "a subagent's own request, whose first line has no counts yet",
    {
      'p/s.jsonl': [line('s', { request: 'r', input: 5 })],
      [AGENT]: [
        line('s', { ...none, request: 'other', agent: 'a1' }),
        line('s', { request: 'other', input: 6, agent: 'a1' }),
      ],
    },
    [
      ['s', 5, 100, null],
      ['s', 6, 100, null],
    ],
  ],
  [
    "a subagent's copy whose counts come after those of its main thread",
    {
      'p/s.jsonl': [
        line('s', { ...none, request: 'r' }),
        line('s', { request: 'r', input: 5, at: 2 }),
      ],
      [AGENT]: [line('s', { request: 'other', input: 5, agent: 'a1' })],
    },
    [['s', 5, 100, null]],
  ],
];

/** Of the files and of the lines in them; each line read on its own, or all at once. */
const ORDERS = [
  { isReversed: false, inPieces: false, isLastLineFirst: true },
  { isReversed: true, inPieces: false, isLastLineFirst: false },
  { isReversed: false, inPieces: true, isLastLineFirst: false },
  { isReversed: true, inPieces: true, isLastLineFirst: true },
];

describe.each(ORDERS)('requests, read as %o', ({ isReversed, inPieces, isLastLineFirst }) => {
  test.each(CASES)('%s', (_, files, expected) => {
    const folder = temporaryFolder();
    const { db } = temporaryLedger();
    const turned = <T>(items: T[], isTurned: boolean): T[] =>
      isTurned ? items.toReversed() : items;
    const lines = Object.entries(files).flatMap(([name, all]) => {
      const births = all.filter(({ type }) => type !== 'assistant');
      const others = all.filter(({ type }) => type === 'assistant');
      const ordered = [...births, ...turned(others, isLastLineFirst)];
      return ordered.map((_line, index): [string, Line[]] => [name, ordered.slice(0, index + 1)]);
    });
    const whole = Object.keys(files).map((name) => lines.findLast(([other]) => other === name));
    const byFile = Object.keys(files).map((name) => lines.filter(([other]) => other === name));
    const arrivals = inPieces
      ? turned(byFile, isReversed).flat()
      : whole.flatMap((one) => (one ? [one] : []));
    for (const [name, text] of arrivals) {
      writeTree(folder, { [name]: textOf(text) });
      if (inPieces) importInto(db, folder);
    }
    importInto(db, folder, { order: (paths) => turned(paths, isReversed) });
    const rows = db
      .prepare(
        `SELECT session_id, input_tokens, output_tokens, tool_name FROM cost_records
         ORDER BY input_tokens, session_id`,
      )
      .raw()
      .all();
    expect(rows).toEqual(expected);
    expect(faultsOf(db)).toEqual([]);
  });
});

const cases = sharedFolder('cases');

describe.skipIf(cases === null)('cases', () => {
  test.each([
    ['fork-without-request-id', 4, 120_000_000],
    ['gateway-constant-id', 3, 105_000_000],
  ])('%s', (name, requests, costNanoUsd) => {
    for (const isReversed of [false, true]) {
      const { db } = temporaryLedger();
      const order = (paths: string[]): string[] => (isReversed ? paths.toReversed() : paths);
      importInto(db, join(cases ?? '', name, 'projects'), { order });
      const sums = db.prepare('SELECT count(*), sum(cost_nano_usd) FROM cost_records').raw().get();
      expect(sums).toEqual([requests, costNanoUsd]);
    }
  });
});
