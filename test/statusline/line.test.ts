import stringWidth from 'string-width';
import { describe, expect, test } from 'vitest';
import { parseStatus } from '../../src/agents/claude-code/status.ts';
import type { ClientStatus } from '../../src/core/client/status.ts';
import { styleFor } from '../../src/render/text/style.ts';
import { composeLine } from '../../src/statusline/compose.ts';
import { DEFAULT_TEMPLATE, parseTemplate } from '../../src/statusline/template.ts';
import { type StatusFacts, buildValues } from '../../src/statusline/values.ts';
import { LIMITS, statusJson } from '../helpers/statusline.ts';

function statusOf(over: Record<string, unknown> = {}): ClientStatus {
  const status = parseStatus(JSON.stringify(statusJson(over)));
  if (status === null) throw new Error('a status is an object');
  return status;
}

const dollars = (nanoUsd: number, marks: { isEstimated?: true; isPartial?: true } = {}) => ({
  nanoUsd,
  isEstimated: false,
  isPartial: false,
  ...marks,
});

const FACTS: StatusFacts = {
  status: statusOf(),
  session: dollars(1_244_900_000),
  today: dollars(8_310_000_000),
  hourly: dollars(3_104_000_000),
  budget: null,
  project: 'shop',
  branch: 'main',
};

interface Options {
  template?: string;
  facts?: Partial<StatusFacts>;
  isSubscriber?: boolean;
  env?: Record<string, string>;
}

function line({ template, facts, isSubscriber = false, env = { NO_COLOR: '1' } }: Options): string {
  const segments = parseTemplate(template ?? DEFAULT_TEMPLATE);
  const values = buildValues({ ...FACTS, ...facts });
  return composeLine(segments, values, isSubscriber, styleFor({ isTTY: true }, env));
}

describe('the line as tallyhook has it', () => {
  test('for who pays by the token', () => {
    expect(line({})).toMatchInlineSnapshot(
      `"Opus 4.8 · $1.24 session · $8.31 today · $3.10/h · 34% context"`,
    );
  });

  test('for a subscriber: the dollars are no bill', () => {
    const facts = { status: statusOf({ rate_limits: LIMITS }) };
    expect(line({ facts, isSubscriber: true })).toMatchInlineSnapshot(
      `"Opus 4.8 · API value $1.24 session · $8.31 today · $3.10/h · 34% context · 5h 41% 7d 12%"`,
    );
  });

  test.each([
    ['no session yet', { session: null, hourly: null }, 'Opus 4.8 · $8.31 today · 34% context'],
    ['no ledger', { today: null, hourly: null }, 'Opus 4.8 · $1.24 session · 34% context'],
    [
      "at another model's price",
      { today: dollars(5e9, { isEstimated: true }) },
      'Opus 4.8 · $1.24 session · ~$5.00 today · $3.10/h · 34% context',
    ],
    [
      'some without a price',
      { today: dollars(5e9, { isPartial: true }) },
      'Opus 4.8 · $1.24 session · $5.00? today · $3.10/h · 34% context',
    ],
    [
      'next to nothing',
      { session: dollars(1), today: dollars(0), hourly: dollars(4_999_999) },
      'Opus 4.8 · <$0.01 session · $0.00 today · <$0.01/h · 34% context',
    ],
    [
      'a fortune',
      { session: dollars(1_234_567_890_000_000) },
      'Opus 4.8 · $1,234,567.89 session · $8.31 today · $3.10/h · 34% context',
    ],
    [
      'an unknown context',
      { status: statusOf({ context_window: null }) },
      'Opus 4.8 · $1.24 session · $8.31 today · $3.10/h',
    ],
    [
      'a nearly full context',
      { status: statusOf({ context_window: { used_percentage: 99.6 } }) },
      'Opus 4.8 · $1.24 session · $8.31 today · $3.10/h · 99% context',
    ],
  ])('%s', (_, facts, expected) => {
    expect(line({ facts })).toBe(expected);
  });

  test('a subscriber whose week alone is known', () => {
    const status = statusOf({ rate_limits: { seven_day: { used_percentage: 101 } } });
    expect(line({ facts: { status }, isSubscriber: true, template: '{limits}' })).toBe('7d 101%');
  });
});

describe('templates', () => {
  test.each([
    ['{session}', '$1.24'],
    ['{lines}', '+1,234 -5'],
    ['{project}:{branch}', 'shop:main'],
    ['{unknown} {session} {Session}', '{unknown} $1.24 {Session}'],
    ['nothing to fill in', 'nothing to fill in'],
    ['cost {session} | today {today}', 'cost $1.24 | today $8.31'],
    ['two\nlines\t{session}', 'two lines $1.24'],
    ['\u001B[31m{session}\u0007', String.raw`\x1b[31m$1.24\x07`],
    ['', ''],
    ['   ', ''],
    ['{{session}}', '{$1.24}'],
    ['🤖 {model} 💰 {session}', '🤖 Opus 4.8 💰 $1.24'],
  ])('%j is %j', (template, expected) => {
    expect(line({ template })).toBe(expected);
  });

  test.each([
    ['{model} · {limits} · {session}', 'Opus 4.8 · $1.24'],
    ['{limits} · {session}', '$1.24'],
    ['{session} · {limits}', '$1.24'],
    ['{session} | limits: {limits} | {model}', '$1.24 | Opus 4.8'],
    ['{session} 💰 {limits} 🤖 {model}', '$1.24 🤖 Opus 4.8'],
    ['{session}  {limits}  {model}', '$1.24  Opus 4.8'],
    ['[{model}] {limits}{session}', '[Opus 4.8] $1.24'],
    ['{limits}', ''],
  ])('what is not known disappears with its separator: %j', (template, expected) => {
    expect(line({ template })).toBe(expected);
  });

  test('the first dollars of a subscriber say what they are, wherever they stand', () => {
    const of = (template: string): string => line({ template, isSubscriber: true });
    expect(of('{rate} | {session}')).toBe('API value $3.10/h | $1.24');
    expect(of('{model} {today}')).toBe('Opus 4.8 API value $8.31');
    expect(of('{model}')).toBe('Opus 4.8');
  });
});

describe('a budget', () => {
  const budget = { name: 'daily', usedPercent: 62.4, warnPercent: 80 };

  test('stands beside the day', () => {
    expect(line({ facts: { budget } })).toBe(
      'Opus 4.8 · $1.24 session · $8.31 today · daily 62% · $3.10/h · 34% context',
    );
  });

  test.each([
    [79.4, 80, 'daily 79%'],
    [80, 80, '\u001B[33mdaily 80%\u001B[39m'],
    [50, 50, '\u001B[33mdaily 50%\u001B[39m'],
    [85, 90, 'daily 85%'],
    [99.9, 80, '\u001B[33mdaily 99%\u001B[39m'],
    [1234.5, 80, '\u001B[33mdaily 1235%\u001B[39m'],
  ])('of which %d %% are spent stands out from %d %%', (usedPercent, warnPercent, expected) => {
    const facts = { budget: { name: 'daily', usedPercent, warnPercent } };
    expect(line({ facts, env: {}, template: '{budget}' })).toBe(expected);
  });
});

describe('a narrow terminal', () => {
  const facts = { status: statusOf({ rate_limits: LIMITS }) };

  test.each([
    [
      92,
      'Opus 4.8 · API value $1.24 session · $8.31 today · $3.10/h · 34% context · 5h 41% 7d 12%',
    ],
    [91, 'Opus 4.8 · API value $1.24 session · $8.31 today · 34% context · 5h 41% 7d 12%'],
    [71, 'API value $1.24 session · $8.31 today · 34% context · 5h 41% 7d 12%'],
    [60, 'API value $1.24 session · 34% context · 5h 41% 7d 12%'],
    [43, 'API value $1.24 session · 5h 41% 7d 12%'],
    [30, 'API value $1.24 session'],
    [20, 'API value $1.24…'],
    [1, '…'],
  ])('of %i columns, of which the client leaves four free', (columns, expected) => {
    const env = { NO_COLOR: '1', COLUMNS: String(columns) };
    const text = line({ facts, isSubscriber: true, env });
    expect(text).toBe(expected);
    expect([...text].length).toBeLessThanOrEqual(Math.max(1, columns - 4));
  });

  test.each([
    ['機'.repeat(22), 60, '$1.24 session · $8.31 today · 34% context', '機'.repeat(13)],
    ['👩‍👩‍👧‍👦'.repeat(22), 60, '$1.24 session · $8.31 today · 34% context', '👩‍👩‍👧‍👦'.repeat(13)],
    [
      'e\u0301'.repeat(22),
      70,
      `${'e\u0301'.repeat(22)} · $1.24 session · $8.31 today · 34% context`,
      'e\u0301'.repeat(22),
    ],
  ])('counts %j by its columns', (name, columns, wholeLine, cut) => {
    const status = statusOf({ model: { display_name: name } });
    const env = { NO_COLOR: '1', COLUMNS: String(columns) };
    expect(line({ facts: { status }, env })).toBe(wholeLine);
    const alone = { NO_COLOR: '1', COLUMNS: '32' };
    const text = line({ facts: { status }, env: alone, template: '{model}' });
    expect(text).toBe(stringWidth(name) > 28 ? `${cut}…` : cut);
    expect(stringWidth(text)).toBeLessThanOrEqual(28);
  });

  test.each(['0', '-5', 'wide', ''])('COLUMNS=%j says nothing', (columns) => {
    expect(line({ env: { NO_COLOR: '1', COLUMNS: columns } })).toBe(line({}));
  });
});

describe('colours', () => {
  const env = {};

  test('are few', () => {
    const dim = (text: string): string => `\u001B[2m${text}\u001B[22m`;
    expect(line({ env, template: '{model} · {session} today' })).toBe(
      `Opus 4.8${dim(' · ')}$1.24${dim(' today')}`,
    );
  });

  test('mark what runs out', () => {
    const limits = { ...LIMITS, five_hour: { used_percentage: 79.5, resets_at: 1 } };
    const context = { context_window: { used_percentage: 79.4 } };
    const facts = { status: statusOf({ rate_limits: limits, ...context }) };
    expect(line({ facts, env, template: '{context}{limits}' })).toBe(
      '79%\u001B[33m5h 80%\u001B[39m 7d 12%',
    );
  });
});

test('a terminal without UTF-8 gets ASCII alone', () => {
  const status = statusOf({ model: { display_name: 'Öpus 4.8' } });
  const env = { NO_COLOR: '1', LANG: 'C', COLUMNS: '34' };
  expect(line({ env, facts: { status } })).toBe('$1.24 session - 34% context');
  expect(line({ env, facts: { status }, template: '{model}' })).toBe('?pus 4.8');
  expect(line({ env, template: 'a very long word that is not a value' })).toBe(
    'a very long word that is not..',
  );
});

describe('a hostile name', () => {
  test.each([
    ['a title for the window', '\u001B]0;owned\u0007Opus', String.raw`\x1b]0;owned\x07Opus`],
    ['colours', '\u001B[31;1mOpus\u001B[0m', String.raw`\x1b[31;1mOpus\x1b[0m`],
    ['two lines', 'Opus\r\n\u2028 second', 'Opus second'],
    ['a C1 sequence', '\u009B31mOpus', String.raw`\x9b31mOpus`],
    ['writing turned around', '\u202Esupo\u2066', String.raw`\u202esupo\u2066`],
    ['half a character', 'Op\uD800us', String.raw`Op\ud800us`],
    ['a placeholder', '{session}', '{session}'],
    ['many wide characters', '日'.repeat(60), `${'日'.repeat(19)}…`],
    ['many emoji of several parts', '👩‍👩‍👧‍👦'.repeat(60), `${'👩‍👩‍👧‍👦'.repeat(19)}…`],
    ['a page', 'x'.repeat(1000), `${'x'.repeat(39)}…`],
    ['nothing but controls', '\u0000\u0001', String.raw`\x00\x01`],
  ])('%s', (_, name, expected) => {
    const model = { id: 'claude-opus-4-8', display_name: name };
    expect(line({ template: '{model}', facts: { status: statusOf({ model }) } })).toBe(expected);
    expect(line({ template: '{project}', facts: { project: name } })).toBe(expected);
    expect(line({ template: '{branch}', facts: { branch: name } })).toBe(expected);
  });
});
