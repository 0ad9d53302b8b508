import { describe, expect, test } from 'vitest';
import { Context } from '../../../src/core/attribution/context.ts';
import {
  NewInputTokens,
  type PendingPiece,
} from '../../../src/core/attribution/new-input-tokens.ts';
import { outputTokens } from '../../../src/core/attribution/output-tokens.ts';
import type { Piece, Step } from '../../../src/core/attribution/step.ts';

const written = (out: Piece[], thinkingTokens?: number): Step =>
  thinkingTokens === undefined ? { in: [], out } : { in: [], out, thinkingTokens };

describe('the tokens of a response', () => {
  test.each<[string, Step, number, number[], number, number]>([
    [
      'in proportion to characters',
      written([
        ['x', '', 100],
        ['c', 't', 300],
      ]),
      40,
      [10, 30],
      0,
      0,
    ],
    [
      'with thinking that is shown',
      written([
        ['t', '', 100],
        ['x', '', 300],
      ]),
      40,
      [10, 30],
      0,
      0,
    ],
    [
      'with thinking that the vendor counts',
      written(
        [
          ['t', '', 100],
          ['x', '', 300],
        ],
        30,
      ),
      40,
      [30, 10],
      0,
      0,
    ],
    [
      'with sealed thinking: what the rest is too short for',
      written([
        ['t', '', 0],
        ['x', '', 100],
      ]),
      130,
      [100, 30],
      0,
      0,
    ],
    [
      'with sealed thinking and a long text: none',
      written([
        ['t', '', 0],
        ['x', '', 1000],
      ]),
      130,
      [0, 130],
      0,
      0,
    ],
    [
      'with counted thinking of which nothing is shown',
      written([['x', '', 100]], 90),
      100,
      [10],
      90,
      0,
    ],
    [
      'with more counted thinking than was written',
      written(
        [
          ['t', '', 1],
          ['x', '', 9],
        ],
        900,
      ),
      100,
      [100, 0],
      0,
      0,
    ],
    ['of thinking alone: all of it', written([['t', '', 4]], 10), 100, [100], 0, 0],
    ['of which nothing is shown', written([]), 100, [], 0, 100],
    ['of which nothing is shown but a count', written([], 60), 100, [], 60, 40],
    [
      'of empty pieces',
      written([
        ['c', 'a', 0],
        ['c', 'b', 0],
      ]),
      101,
      [51, 50],
      0,
      0,
    ],
    ['of nothing', written([['x', '', 5]]), 0, [0], 0, 0],
  ])('%s', (_, step, count, each, thinking, rest) => {
    expect(outputTokens(step, count)).toEqual({ each, thinking, rest });
  });
});

describe('the tokens that enter', () => {
  const piece = (chars: number, tokens: number | null = null): PendingPiece => ({
    cause: 0,
    tokens,
    chars,
  });

  test.each<[string, number, PendingPiece[], number[], number]>([
    [
      'first: pieces by their size, the rest is the system',
      10_000,
      [piece(100), piece(1000)],
      [30, 300],
      9670,
    ],
    ['first: less than the pieces seem to have', 110, [piece(100), piece(1000)], [10, 100], 0],
    ['first: nothing but the system', 10_000, [], [], 10_000],
  ])('%s', (_, entered, pieces, each, rest) => {
    expect(new NewInputTokens().first(entered, pieces)).toEqual({ each, rest });
  });

  test.each<[string, number, PendingPiece[], number[], number]>([
    ['all belong to the pieces', 1000, [piece(1000), piece(3000)], [250, 750], 0],
    [
      'what was written has what it was billed',
      1000,
      [piece(5000, 200), piece(100), piece(300)],
      [200, 200, 600],
      0,
    ],
    ['what was written and wrapped', 220, [piece(40, 100), piece(40, 100)], [110, 110], 0],
    ['more than the pieces can be: nobody’s', 100_000, [piece(1000)], [2400 + 256], 100_000 - 2656],
    ['more than what was written can be', 1000, [piece(4, 100)], [356], 644],
    ['less than was written: some did not enter', 90, [piece(40, 100), piece(1000)], [23, 67], 0],
    ['without a piece: nobody’s', 50, [], [], 50],
    ['with an empty piece: nobody’s', 50, [piece(0)], [0], 50],
    ['nothing', 0, [piece(100)], [0], 0],
  ])('later: %s', (_, entered, pieces, each, rest) => {
    expect(new NewInputTokens().later(entered, pieces)).toEqual({ each, rest });
  });

  test('a thread of another script has a ratio of its own', () => {
    const entering = new NewInputTokens();
    const cap = (chars: number): number => {
      const { each } = entering.later(1_000_000, [piece(chars)]);
      return each[0] ?? 0;
    };
    expect(cap(10)).toBe(24 + 256);
    // Two tokens a character, seen before.
    const dense = new NewInputTokens();
    dense.later(20_000, [piece(10_000)]);
    expect(dense.later(50_000, [piece(3000)]).each[0]).toBeGreaterThan(45_000);
  });
});

describe('a context', () => {
  const system = { cause: 'system', detail: '' } as const;
  const listing = { cause: 'system', detail: 'listing' } as const;
  const prompt = { cause: 'prompt', detail: '' } as const;
  const tool = (detail: string) => ({ cause: 'tool-use', detail }) as const;

  function filled(): Context {
    const context = new Context();
    const keys = [tool('a'), system, prompt, tool('b'), listing];
    context.tokens = keys.map((key) => (context.findCause(key) + 1) * 100);
    return context;
  }

  test('knows each cause by one place', () => {
    const context = filled();
    expect([tool('b'), system, tool('a')].map((key) => context.findCause(key))).toEqual([3, 1, 0]);
    expect(context.findCause(tool('c'))).toBe(5);
    expect(context.sum()).toBe(1500);
  });

  test('that was emptied still has the system: what the conversation listed is listed again', () => {
    const context = filled();
    context.reset();
    expect([context.causes, context.tokens]).toEqual([[system], [200]]);
    expect(context.findCause(prompt)).toBe(1);
  });

  test('that got smaller loses in proportion', () => {
    const context = filled();
    context.shrinkTo(750);
    expect(context.tokens).toEqual([50, 100, 150, 200, 250]);
    context.shrinkTo(0);
    expect(context.sum()).toBe(0);
  });
});
