import { describe, expect, test } from 'vitest';
import { patternSearch } from '../../src/core/pattern/match.ts';
import { ticketFinder } from '../../src/core/ticket.ts';
import { UserError } from '../../src/core/lang/user-error.ts';
import { fc } from '../helpers/fast-check.ts';

/** A pattern of the subset as its text, and whether it can match nothing. */
interface Piece {
  text: string;
  isEmpty: boolean;
}

const atoms = fc.constantFrom(
  'a',
  'b',
  '-',
  '.',
  '[ab]',
  '[^b]',
  String.raw`\w`,
  String.raw`\d`,
  String.raw`[\d-]`,
  '/',
);
const places = fc.constantFrom(
  '^',
  '$',
  String.raw`\b`,
  String.raw`\B`,
  '(?=a)',
  '(?!b)',
  '(?<=a)',
  '(?<!ab)',
  '(?<=^|-)',
);
const quantifiers = fc.constantFrom('*', '+', '?', '{2}', '{0,3}', '{1,}', '*?', '+?', '??');

const { pattern } = fc.letrec<{ pattern: Piece; part: Piece; group: Piece }>((tie) => ({
  pattern: fc
    .array(fc.array(tie('part'), { maxLength: 4 }), { minLength: 1, maxLength: 3 })
    .map((options) => ({
      text: options.map((parts) => parts.map(({ text }) => text).join('')).join('|'),
      isEmpty: options.some((parts) => parts.every(({ isEmpty }) => isEmpty)),
    })),
  part: fc.oneof(
    { depthSize: 'small' },
    atoms.map((text) => ({ text, isEmpty: false })),
    places.map((text) => ({ text, isEmpty: true })),
    fc.tuple(tie('group'), quantifiers).map(([group, quantifier]) => ({
      text: group.isEmpty ? group.text : group.text + quantifier,
      isEmpty: group.isEmpty || /^[*?]|^\{0/.test(quantifier),
    })),
    tie('group'),
  ),
  group: fc.oneof(
    { depthSize: 'small' },
    atoms.map((text) => ({ text, isEmpty: false })),
    fc.tuple(fc.constantFrom('(', '(?:', '(?<n>'), tie('pattern')).map(([start, inside]) => ({
      // A name may stand once only.
      text: `${inside.text.includes('(?<n>') && start === '(?<n>' ? '(' : start}${inside.text})`,
      isEmpty: inside.isEmpty,
    })),
  ),
}));

const texts = fc.string({ unit: fc.constantFrom(...'ab-/1 x'), maxLength: 14 });

function nameOnce(text: string): string {
  let count = 0;
  return text.replaceAll('(?<n>', () => `(?<n${count++}>`);
}

describe('patterns of tickets', () => {
  test('find what RegExp finds', () => {
    let run = 0;
    fc.assert(
      fc.property(pattern, texts, (piece, text) => {
        const source = nameOnce(piece.text);
        let search;
        try {
          search = patternSearch(source);
        } catch {
          return;
        }
        run++;
        const found = new RegExp(source).exec(text);
        const expected = found === null ? null : { whole: found[0], first: found[1] ?? null };
        expect({ source, found: search(text) }).toEqual({ source, found: expected });
      }),
      { numRuns: 5000 },
    );
    // What is refused proves nothing.
    expect(run).toBeGreaterThan(4000);
  });

  test.each([
    [String.raw`[A-Z]+-\d+`, 'fix/ABC-12-x'],
    [String.raw`(?:feature|fix)/([A-Z]+-\d+)`, 'fix/ABC-12-x'],
    [String.raw`#(\d+)`, 'fix-#42'],
    ['^([a-z]+)/', 'fix/ABC-12'],
    [String.raw`(?:^|/)([A-Z]+-\d+)(?=-|$)`, 'a/ABC-12-x'],
    [String.raw`(?<=/)\d+`, 'fix/42-login'],
    [String.raw`(?!wip).*?(\d+)$`, 'wip-12'],
    ['[[a]b', 'x[b'],
    ['a{,2}', 'a{,2}'],
    ['x{', 'x{'],
    [String.raw`[^]\x2d\u0041\t?`, '--A'],
    ['(?:(a)|b)*', 'ab'],
    ['(a){0}b', 'ab'],
    ['(?:a?){2}', 'a'],
  ])('%s on %s as RegExp', (source, text) => {
    const found = new RegExp(source).exec(text);
    expect(found).not.toBe(null);
    expect(patternSearch(source)(text)).toEqual({
      whole: found?.[0],
      first: found?.[1] ?? null,
    });
  });

  // Each takes RegExp seconds to the age of the universe: where they are run, only a hang would fail.
  test.each([
    `${'a?'.repeat(20)}x`,
    `${'(?:a|b)'.repeat(25)}x`,
    `${'(?:a|aa)'.repeat(20)}x`,
    '.*.*.*.*.*.*.*.*.*x',
    '(?=.*.*.*.*x)b',
    '(?!a*a*a*a*x)b',
    'a+?a+?a+?a+?a+?x',
    '(?:a{1,2}){20}x',
    '(?:(?:a|aa)+)+x',
    '(a+)+$',
    '(a|a)*$',
    'a{0,60}a{0,60}a{0,60}x',
    '(?:a+){20}$',
  ])('%s ends', (source) => {
    const branches = Array.from({ length: 20 }, (_, index) => `${'a'.repeat(180)}${index}!`);
    const find = ticketFinder(source);
    for (const branch of branches) expect(find(branch)).toBeOneOf([null, 'b']);
  });

  test.each([
    ['(a*)*x', 'repeats what can be empty'],
    ['(?:a?b?)+', 'repeats what can be empty'],
    ['a{0,1000000}x', 'repeats too much'],
    ['(?:){1000000000}', 'repeats too much'],
    [String.raw`(.*)\1`, String.raw`has \1`],
    [String.raw`(?<n>a)\k<n>`, String.raw`has \k`],
    ['(?<=a*)x', 'looks behind at what has no fixed length'],
    ['(?=(a))a', 'has its first group in a look'],
    ['(?<é>a)', 'has flags, or an unusual name'],
    [`${'('.repeat(60)}a${')'.repeat(60)}`, 'has more than 20 groups in groups'],
    ['a'.repeat(201), 'is longer than 200 characters'],
    ['(', 'is no regular expression'],
  ])('%s is refused: it %s', (source, why) => {
    expect(() => ticketFinder(source)).toThrow(UserError);
    expect(() => ticketFinder(source)).toThrow(why);
  });

  test('no pattern whatever makes anything but a refusal', () => {
    const marks = fc.string({
      unit: fc.constantFrom(...'ab(|)*+?{}0,1[]^$\\.<=!:dwbBkux-'),
      maxLength: 30,
    });
    fc.assert(
      fc.property(marks, (source) => {
        let find;
        try {
          find = ticketFinder(source);
        } catch (error) {
          if (error instanceof UserError) return;
          throw error;
        }
        const text = 'ab-(1,0}'.repeat(4);
        const found = new RegExp(source).exec(text);
        expect({ source, ticket: find(text) }).toEqual({
          source,
          ticket: (found?.[1] ?? found?.[0]) || null,
        });
      }),
      { numRuns: 5000 },
    );
  });
});
