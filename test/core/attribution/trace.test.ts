import { expect, test } from 'vitest';
import type { Piece, StepDraft } from '../../../src/core/attribution/step.ts';
import { replayThread } from '../../../src/core/attribution/thread-shares.ts';
import { Tracer, copyOfTrace, initialTrace } from '../../../src/core/attribution/trace.ts';
import { RATE, billed } from '../../helpers/billed.ts';

const PROMPT: Piece = ['p', 'u1', 10];
const RESULT: Piece = ['r', 'toolu_1', 90];
const text = (key: string, chars = 5): Piece => ['x', key, chars];

/** @param lines what is said to the tracer, in order */
function traced(...lines: ((tracer: Tracer) => void)[]): StepDraft[] {
  const steps: StepDraft[] = [];
  const tracer = new Tracer(initialTrace(), '', steps);
  for (const line of lines) line(tracer);
  return steps;
}

const enter =
  (...pieces: Piece[]) =>
  (tracer: Tracer): void =>
    tracer.enter('', pieces);
const request =
  (id: string, ...out: Piece[]) =>
  (tracer: Tracer): void =>
    tracer.request('', id, out, null);

test('a request is what entered before it and what its lines wrote', () => {
  expect(traced(enter(PROMPT), request('m1', text('a')), request('m1', text('b', 7)))).toEqual([
    {
      agentId: '',
      isInline: false,
      ordinal: 0,
      recordId: 'm1',
      lineCount: 2,
      step: { in: [PROMPT], out: [text('a'), text('b', 7)] },
    },
  ]);
});

test('a result that comes before the last line of its message enters with the next request', () => {
  const steps = traced(
    request('m1', ['c', 'toolu_1', 20]),
    enter(RESULT),
    request('m1', ['c', 'toolu_2', 20]),
    request('m2'),
  );
  expect(steps.map(({ step }) => step.in)).toEqual([[], [RESULT]]);
  expect(steps[0]?.step.out).toHaveLength(2);
});

test('a line that is repeated weighs once, what has no key of its own adds up', () => {
  const reminder: Piece = ['a', '', 4];
  const steps = traced(
    enter(PROMPT, reminder),
    enter(PROMPT, reminder),
    request('m1', text('a')),
    request('m1', text('a')),
  );
  expect(steps[0]?.step).toEqual({ in: [PROMPT, ['a', '', 8]], out: [text('a')] });
});

test('a compaction drops what was about to enter', () => {
  const steps = traced(
    enter(PROMPT),
    (tracer) => tracer.reset(''),
    enter(['m', '', 30]),
    request('m1'),
    request('m2'),
  );
  expect(steps.map(({ step }) => step)).toEqual([
    { in: [['m', '', 30]], out: [], isReset: true },
    { in: [], out: [] },
  ]);
});

test('a file whose first line has a parent was picked up halfway, until a compaction', () => {
  const begin = (tracer: Tracer): void => {
    tracer.begin('u1', 'u0');
    tracer.begin('u2', 'u1');
  };
  expect(
    traced(begin, request('m1'), request('m2')).map(({ step }) => step.startsMidThread),
  ).toEqual([true, undefined]);
  const [first] = traced(begin, (tracer) => tracer.reset(''), request('m1'));
  expect(first?.step).toEqual({ in: [], out: [], isReset: true });
  const whole = traced((tracer) => tracer.begin('u1', null), begin, request('m1'));
  expect(whole[0]?.step.startsMidThread).toBeUndefined();
});

test("a server's tool answers within the response: as input of its next pass", () => {
  const [one] = traced(request('m1', ['w', 'web_search', 30], ['v', 'web_search', 900]));
  expect(one?.step).toEqual({ in: [['v', 'web_search', 900]], out: [['w', 'web_search', 30]] });
});

test('subagents that are written inline are threads of their own', () => {
  const steps = traced(
    enter(PROMPT),
    (tracer) => tracer.enter('@a1', [['p', 'u9', 7]]),
    (tracer) => tracer.request('@a1', 'm9', [], 12),
    request('m1'),
  );
  expect(steps.map(({ agentId, isInline, step }) => [agentId, isInline, step])).toEqual([
    ['a1', true, { in: [['p', 'u9', 7]], out: [], thinkingTokens: 12 }],
    ['', false, { in: [PROMPT], out: [] }],
  ]);
});

test('reading on from a stored state gives each step whole', () => {
  const stored = initialTrace();
  const before: StepDraft[] = [];
  const first = new Tracer(stored, '', before);
  first.enter('', [PROMPT]);
  first.request('', 'm1', [text('a')], null);
  first.enter('', [RESULT]);
  const kept = structuredClone(stored);
  const state = copyOfTrace(stored);
  const after: StepDraft[] = [];
  const second = new Tracer(state, '', after);
  second.request('', 'm1', [text('b')], null);
  second.request('', 'm2', [], null);
  expect(stored).toEqual(kept);
  expect(after.map(({ ordinal, lineCount, step }) => [ordinal, lineCount, step])).toEqual([
    [0, 2, { in: [PROMPT], out: [text('a'), text('b')] }],
    [1, 1, { in: [RESULT], out: [] }],
  ]);
});

test('of more threads than are kept the oldest is forgotten, never the main one', () => {
  const state = initialTrace();
  const tracer = new Tracer(state, '', []);
  tracer.enter('', [PROMPT]);
  for (let agent = 0; agent < 100; agent++) tracer.enter(`@a${agent}`, [['p', 'u', 1]]);
  expect(Object.keys(state.threads)).toHaveLength(64);
  expect(state.threads['']?.pending).toEqual([PROMPT]);
  expect(state.threads['@a0']).toBeUndefined();
});

test('what piles up without a request stays small: beyond it nobody can tell what it was', () => {
  const state = initialTrace();
  const steps: StepDraft[] = [];
  const tracer = new Tracer(state, '', steps);
  for (let line = 0; line < 50_000; line++) tracer.enter('', [['p', `u${line}`, 10]]);
  expect(JSON.stringify(state).length).toBeLessThan(100_000);
  tracer.request('', 'm1', [], null);
  const pieces = steps[0]?.step.in ?? [];
  expect(pieces.at(-1)?.slice(0, 2)).toEqual(['u', '']);
  expect(pieces.reduce((sum, [, , chars]) => sum + chars, 0)).toBe(500_000);
});

test('a request whose lines come apart is told once, with all that it wrote', () => {
  const one = { ...billed({ cacheWrite5mTokens: 1000, outputTokens: 30 }), seq: 1 };
  const two = { ...billed({ cacheReadTokens: 1000, cacheWrite5mTokens: 100 }), seq: 2 };
  const told: unknown[] = [];
  replayThread(
    [
      { step: { in: [PROMPT], out: [text('a', 10)] }, request: one, isCounted: false },
      { step: { in: [RESULT], out: [] }, request: two, isCounted: true },
      {
        step: { in: [], out: [text('a', 10), ['c', 'toolu_1', 20]] },
        request: one,
        isCounted: true,
      },
    ],
    ({ seq }, { shares }, { context }) => {
      const output = shares.filter(({ part }) => part === 'output');
      told.push([
        seq,
        output.map(({ cause, costNanoUsd }) => [context.causes[cause]?.cause, costNanoUsd]),
      ]);
    },
  );
  expect(told).toEqual([
    [
      1,
      [
        ['text', 10 * RATE.output],
        ['tool-use', 20 * RATE.output],
      ],
    ],
    [2, []],
  ]);
});

test('what entered before a compaction does not enter behind it', () => {
  const requests = [1, 2].map((seq) => ({ ...billed({ cacheWrite5mTokens: 9000 }), seq }));
  const causes: unknown[] = [];
  const [one = null, two = null] = requests;
  replayThread(
    [
      { step: { in: [PROMPT], out: [] }, request: one, isCounted: true },
      // The first request's line once more, behind a result: then the compaction.
      { step: { in: [RESULT], out: [] }, request: one, isCounted: true },
      { step: { in: [['m', '', 50]], out: [], isReset: true }, request: two, isCounted: true },
    ],
    (_, { shares }, { context }) =>
      causes.push(shares.map(({ cause }) => context.causes[cause]?.cause)),
  );
  expect(causes).toEqual([
    ['prompt', 'system'],
    ['system', 'summary'],
  ]);
});
