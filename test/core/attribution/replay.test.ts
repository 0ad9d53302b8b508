import { expect, test } from 'vitest';
import type { BilledRequest } from '../../../src/core/attribution/billed.ts';
import { type StepOutcome, ThreadReplay } from '../../../src/core/attribution/replay.ts';
import type { Piece, Step } from '../../../src/core/attribution/step.ts';
import { RATE, billed } from '../../helpers/billed.ts';

type Costs = Record<string, number>;
const MINUTE = 60_000;
const at = (minutes: number): { occurredAtMs: number } => ({
  occurredAtMs: billed({}).occurredAtMs + minutes * MINUTE,
});

interface Told {
  outcome: StepOutcome | null;
  /** By part and cause. */
  costs: Costs;
}

/** Replays a thread, holds each request's shares against its cost, and tells of each. */
function replay(...requests: [Partial<Step>, BilledRequest | null][]): Told[] {
  const thread = new ThreadReplay();
  return requests.map(([step, request]) => {
    const outcome = thread.next({ in: [], out: [], ...step }, request);
    const costs: Costs = {};
    let sum = 0;
    for (const { part, cause, costNanoUsd } of outcome?.shares ?? []) {
      const key = thread.context.causes[cause];
      const name = `${part} ${key?.cause}${key?.detail === '' ? '' : ` ${key?.detail}`}`;
      costs[name] = (costs[name] ?? 0) + costNanoUsd;
      sum += costNanoUsd;
    }
    expect(sum).toBe(request?.costNanoUsd ?? 0);
    return { outcome, costs };
  });
}

const PROMPT: Piece = ['p', 'u1', 40];
/** 12 of 10,012 tokens are the prompt's. */
const FIRST: [Partial<Step>, BilledRequest] = [
  { in: [PROMPT], out: [['c', 'toolu_1', 100]] },
  billed({ cacheWrite5mTokens: 10_012, outputTokens: 50 }),
];
const RESULT: Piece = ['r', 'toolu_1', 3600];
/** Enters: the call's 50 tokens as written, and 900 of its result. */
const SECOND: [Partial<Step>, BilledRequest] = [
  { in: [RESULT], out: [['x', 'u2', 80]] },
  billed({ cacheReadTokens: 10_012, cacheWrite5mTokens: 950, outputTokens: 20, ...at(1) }),
];
/** What is in the context after these two: 10,962 tokens, and 20 that were written. */
const HELD: Costs = { system: 10_000, prompt: 12, 'tool-use toolu_1': 950 };

const priced = (part: string, tokens: Costs, rate: number): Costs =>
  Object.fromEntries(
    Object.entries(tokens).map(([name, count]) => [`${part} ${name}`, count * rate]),
  );

test('a thread of an agent that logs only token counts is unattributed, except for its thinking', () => {
  const [first, second] = replay(
    [{ thinkingTokens: 30 }, billed({ inputTokens: 10_000, outputTokens: 50 })],
    [{}, billed({ cacheReadTokens: 10_000, inputTokens: 900, outputTokens: 20, ...at(1) })],
  );
  expect(Object.keys(first?.costs ?? {}).sort()).toEqual([
    'new-input (unattributed)',
    'output (unattributed)',
    'output thinking',
  ]);
  expect(Object.keys(second?.costs ?? {}).sort()).toEqual([
    'carried-input (unattributed)',
    'new-input (unattributed)',
    'output (unattributed)',
  ]);
});

test('what a first request is sent with that no line shows is the system', () => {
  const [first] = replay(FIRST);
  expect(first?.costs).toEqual({
    ...priced('new-input', { system: 10_000, prompt: 12 }, RATE.write5m),
    ...priced('output', { 'tool-use toolu_1': 50 }, RATE.output),
  });
  expect(first?.outcome).toMatchObject({
    promptTokens: 10_012,
    carriedTokens: 0,
    rewrittenTokens: 0,
    enteredTokens: 10_012,
    miss: null,
  });
});

test('what was in the context already is carried, what entered is new', () => {
  const [, second] = replay(FIRST, SECOND);
  expect(second?.costs).toEqual({
    ...priced('carried-input', { system: 10_000, prompt: 12 }, RATE.read),
    ...priced('new-input', { 'tool-use toolu_1': 950 }, RATE.write5m),
    ...priced('output', { text: 20 }, RATE.output),
  });
  expect(second?.outcome).toMatchObject({ carriedTokens: 10_012, enteredTokens: 950, miss: null });
});

test('a context that is written again after its five minutes is a miss, with its cost', () => {
  const late = billed({ cacheWrite5mTokens: 10_982, ...at(7) });
  const [, , third] = replay(FIRST, SECOND, [{}, late]);
  expect(third?.costs).toEqual({
    ...priced('rewritten-input', HELD, RATE.write5m),
    ...priced('new-input', { text: 20 }, RATE.write5m),
  });
  expect(third?.outcome?.miss).toEqual({ reason: 'idle-5m', costNanoUsd: 10_962 * RATE.write5m });
});

test('a cache for an hour is read after the same pause; lost, it was not the pause', () => {
  const hourly = ([step, request]: typeof FIRST): typeof FIRST => {
    const { cacheWrite5mTokens, ...rest } = request;
    const counts = { ...rest, cacheWrite5mTokens: 0, cacheWrite1hTokens: cacheWrite5mTokens };
    const { costNanoUsd: _, parts: __, ...facts } = counts;
    return [step, billed(facts)];
  };
  const before = [hourly(FIRST), hourly(SECOND)];
  const [, , kept] = replay(...before, [
    {},
    billed({ cacheReadTokens: 10_962, cacheWrite1hTokens: 20, ...at(7) }),
  ]);
  expect(kept?.outcome).toMatchObject({ rewrittenTokens: 0, miss: null });
  const [, , lost] = replay(...before, [{}, billed({ cacheWrite1hTokens: 10_982, ...at(7) })]);
  expect(lost?.outcome?.miss).toEqual({
    reason: 'system-or-tools-changed',
    costNanoUsd: 10_962 * RATE.write1h,
  });
  const [, , later] = replay(...before, [{}, billed({ cacheWrite1hTokens: 10_982, ...at(70) })]);
  expect(later?.outcome?.miss?.reason).toBe('idle-1h');
});

test('of a context that is read in part the system is the part that was read', () => {
  const request = billed({ cacheReadTokens: 10_000, cacheWrite5mTokens: 982, ...at(2) });
  const [, , third] = replay(FIRST, SECOND, [{}, request]);
  expect(third?.costs).toEqual({
    ...priced('carried-input', { system: 10_000 }, RATE.read),
    ...priced('rewritten-input', { prompt: 12, 'tool-use toolu_1': 950 }, RATE.write5m),
    ...priced('new-input', { text: 20 }, RATE.write5m),
  });
  // So little is the client's rounding.
  expect(third?.outcome).toMatchObject({ rewrittenTokens: 962, miss: null });
});

test('after a compaction there is the system, the summary, and what came behind it', () => {
  const summary: Piece = ['m', '', 2400];
  const listed: Piece = ['s', '', 600];
  const [, , third] = replay(FIRST, SECOND, [
    { isReset: true, in: [summary, listed, ['p', 'u3', 0]] },
    billed({ cacheReadTokens: 10_000, cacheWrite5mTokens: 1000, ...at(2) }),
  ]);
  expect(third?.costs).toEqual({
    ...priced('carried-input', { system: 10_000 }, RATE.read),
    ...priced('new-input', { summary: 800, 'system listed': 200 }, RATE.write5m),
  });
  expect(third?.outcome?.miss).toBeNull();
});

test('a compaction that the cache did not outlive is a miss of the system', () => {
  const [, , third] = replay(FIRST, SECOND, [
    { isReset: true, in: [['m', '', 2400]] },
    billed({ cacheWrite5mTokens: 10_800, ...at(90), model: 'claude-haiku-5-5' }),
  ]);
  expect(third?.outcome?.miss).toEqual({
    reason: 'compaction',
    costNanoUsd: 10_000 * RATE.write5m,
  });
  expect(third?.costs).toEqual({
    ...priced('rewritten-input', { system: 10_000 }, RATE.write5m),
    ...priced('new-input', { summary: 800 }, RATE.write5m),
  });
});

test('what the system lists in a conversation is listed again after a compaction, not kept', () => {
  const listed: Piece = ['s', '', 2000];
  const [, second] = replay(
    [{ in: [PROMPT, listed] }, billed({ cacheWrite5mTokens: 10_612 })],
    [
      { isReset: true, in: [['m', '', 1000], listed] },
      billed({ cacheReadTokens: 10_000, cacheWrite5mTokens: 900 }),
    ],
  );
  expect(second?.costs).toEqual({
    ...priced('carried-input', { system: 10_000 }, RATE.read),
    ...priced('new-input', { summary: 300, 'system listed': 600 }, RATE.write5m),
  });
});

test('of a session that was picked up halfway nobody knows what it had', () => {
  const [first, second] = replay(
    [
      { startsMidThread: true, in: [PROMPT] },
      billed({ cacheReadTokens: 9000, cacheWrite5mTokens: 1012 }),
    ],
    [{}, billed({ cacheReadTokens: 10_012 })],
  );
  expect(first?.costs).toEqual({
    'carried-input (unattributed)': 9000 * RATE.read - 11 * RATE.read,
    'carried-input prompt': 11 * RATE.read,
    'new-input (unattributed)': 1011 * RATE.write5m,
    'new-input prompt': RATE.write5m,
  });
  expect(second?.costs).toEqual(
    priced('carried-input', { '(unattributed)': 10_000, prompt: 12 }, RATE.read),
  );
});

test('a compaction ends that: what is in the context now was seen to enter', () => {
  const [, second] = replay(
    [{ startsMidThread: true, in: [PROMPT] }, billed({ cacheWrite5mTokens: 10_012 })],
    [{ isReset: true, in: [['m', '', 1000]] }, billed({ cacheWrite5mTokens: 5300 })],
  );
  expect(second?.costs).toEqual(priced('new-input', { system: 5000, summary: 300 }, RATE.write5m));
});

test.each<[string, Partial<BilledRequest>]>([
  ['fork', { sessionId: 'fork' }],
  ['model-switch', { model: 'claude-haiku-5-5' }],
])('a cache that was lost by a %s', (reason, over) => {
  const lost = billed({ cacheWrite5mTokens: 10_982, ...at(2), ...over });
  const [, , third] = replay(FIRST, SECOND, [{}, lost]);
  expect(third?.outcome?.miss).toEqual({ reason, costNanoUsd: 10_962 * RATE.write5m });
});

test('without a cache everything is paid as new again', () => {
  const [, second] = replay(
    [{ in: [PROMPT] }, billed({ inputTokens: 10_012 })],
    [{ in: [['p', 'u2', 400]] }, billed({ inputTokens: 10_100, ...at(1) })],
  );
  expect(second?.costs).toEqual({
    ...priced('rewritten-input', { system: 10_000, prompt: 12 }, RATE.input),
    'new-input prompt': 88 * RATE.input,
  });
  expect(second?.outcome?.miss?.reason).toBe('not-cached');
});

test("a provider's own figure is split as its kinds of tokens cost beside each other", () => {
  const { costs } = told({
    inputTokens: 100,
    outputTokens: 20,
    costNanoUsd: 4_000_001,
    parts: null,
  });
  expect(costs).toEqual({ 'new-input system': 2_000_001, 'output text': 2_000_000 });
});

test('parts that are not those of the cost are not used', () => {
  const request = billed({ inputTokens: 100, outputTokens: 20 });
  const { costs } = told({ ...request, costNanoUsd: 4_000_000 });
  expect(costs).toEqual({ 'new-input system': 2_000_000, 'output text': 2_000_000 });
});

test('a row from before parts were kept: an hour of cache is dearer, searches are apart', () => {
  const { costs } = told({
    outputTokens: 20,
    cacheWrite1hTokens: 50,
    webSearchRequests: 2,
    costNanoUsd: 24_000_000,
    parts: null,
  });
  expect(costs).toEqual({
    'new-input system': 2_000_000,
    'output text': 2_000_000,
    'web-search tool-use server:web_search': 20_000_000,
  });
});

test('a figure for no tokens at all is nobody’s', () => {
  const { costs } = told({ costNanoUsd: 77, parts: null });
  expect(costs).toEqual({ 'new-input (unattributed)': 77 });
});

function told(over: Partial<BilledRequest>): Told {
  const [one] = replay([{ out: [['x', 'u', 5]] }, billed(over)]);
  if (one === undefined) throw new Error('nothing was told');
  return one;
}

test('what nothing prices has no shares, and is context all the same', () => {
  const unpriced = { ...FIRST[1], costNanoUsd: null, parts: null };
  const [first, second] = replay([FIRST[0], unpriced], SECOND);
  expect(first?.costs).toEqual({});
  expect(second?.costs).toMatchObject(
    priced('carried-input', { system: 10_000, prompt: 12 }, RATE.read),
  );
});

test("another thread's request that is repeated is context, no cost", () => {
  const [first, second] = replay(
    [FIRST[0], null],
    [{ in: [RESULT] }, billed({ cacheWrite5mTokens: 11_150 })],
  );
  expect(first?.outcome).toBeNull();
  // Prompt 12, call 30, result 1080 by their sizes.
  expect(second?.costs).toEqual(
    priced('new-input', { system: 10_028, prompt: 12, 'tool-use toolu_1': 1110 }, RATE.write5m),
  );
});

test('lines that are repeated enter once', () => {
  const [, second] = replay(FIRST, [
    { in: [PROMPT, RESULT] },
    billed({ cacheReadTokens: 10_012, cacheWrite5mTokens: 950 }),
  ]);
  expect(second?.costs).toEqual({
    ...priced('carried-input', { system: 10_000, prompt: 12 }, RATE.read),
    ...priced('new-input', { 'tool-use toolu_1': 950 }, RATE.write5m),
  });
});

test('searches are paid to the server’s tool', () => {
  const request = billed({ outputTokens: 10, costNanoUsd: 250_000 + 20_000_000 });
  const parts = { ...request.parts, webSearchCostNanoUsd: 20_000_000 } as typeof request.parts;
  const searched: Step = { in: [], out: [['w', 'web_search', 30]] };
  const [one] = replay([searched, { ...request, parts }]);
  expect(one?.costs).toEqual({
    'output tool-use server:web_search': 250_000,
    'web-search tool-use server:web_search': 20_000_000,
  });
});

test('a context that got smaller without a word is scaled down', () => {
  const [, , third] = replay(FIRST, SECOND, [{}, billed({ cacheReadTokens: 5481, ...at(2) })]);
  expect(third?.outcome).toMatchObject({ promptTokens: 5481, carriedTokens: 5481, miss: null });
  expect(third?.costs).toEqual(
    priced('carried-input', { system: 5000, prompt: 6, 'tool-use toolu_1': 475 }, RATE.read),
  );
});
