import { describe, expect, test } from 'vitest';
import { width } from '../../../src/render/text/display-width.ts';
import { styleFor } from '../../../src/render/text/style.ts';
import {
  type TextColumn,
  renderSheet,
  renderTable,
  shorten,
} from '../../../src/render/text/table.ts';

/** Text alone, on so many columns; null: no terminal. */
function plain(columns: number | null, locale = 'C.UTF-8') {
  return styleFor(columns === null ? {} : { isTTY: true, columns }, {
    NO_COLOR: '1',
    LC_ALL: locale,
  });
}

const COLUMNS: TextColumn[] = [
  { title: 'Name', align: 'left', cut: 'middle', least: 6 },
  { title: 'Id', align: 'left', cut: 'end', least: 4 },
  { title: 'Cost', align: 'right' },
];
const ROWS = [
  ['a-rather-long-name', '0123456789', '$1.00'],
  ['b', '1', '$12.50'],
];

function lines(columns: number | null, sheet = { columns: COLUMNS, rows: ROWS, last: null }) {
  return renderSheet(sheet, plain(columns)).split('\n');
}

describe('a table', () => {
  test('has a header, a rule, rows, and a sum behind a rule of its own', () => {
    const table = renderTable(COLUMNS, ROWS, ['Sum', '', '$13.50'], plain(null));
    expect(`\n${table}\n`).toBe(`
Name                Id            Cost
──────────────────  ──────────  ──────
a-rather-long-name  0123456789   $1.00
b                   1           $12.50
──────────────────  ──────────  ──────
Sum                             $13.50
`);
  });

  test('is of ASCII where the locale has no more', () => {
    const [, rule] = renderTable(COLUMNS, ROWS, null, plain(null, 'C')).split('\n');
    expect(rule).toBe('------------------  ----------  ------');
  });

  test('has no space at the end of a line', () => {
    const columns: TextColumn[] = [{ title: 'Name', align: 'left' }];
    for (const line of renderTable(columns, [['a'], ['bbbbbb']], null, plain(null)).split('\n')) {
      expect(line).toBe(line.trimEnd());
    }
  });

  test('shows what a terminal would obey', () => {
    const text = renderTable(
      [{ title: 'Name', align: 'left' }],
      [['a\u001B[31m']],
      null,
      plain(null),
    );
    expect(text).toContain(String.raw`a\x1b[31m`);
  });

  test('paints cells of rows when they are cut and padded, no header', () => {
    const painted: string[] = [];
    const paint = (text: string): string => {
      painted.push(text);
      return `<${text}>`;
    };
    const text = renderTable([{ title: 'Name', align: 'left', paint }], [['a']], null, plain(null));
    expect(painted).toEqual(['a   ']);
    expect(text.split('\n')[0]).toBe('Name');
  });
});

test('wide characters count by their columns', () => {
  const rows = [
    ['日本語のプロジェクト', '👩‍👩‍👧‍👦👩‍👩‍👧‍👦', '$1.00'],
    ['cafe\u0301', '1', '$12.50'],
  ];
  expect(lines(null, { columns: COLUMNS, rows, last: null })).toEqual([
    'Name                  Id      Cost',
    '────────────────────  ────  ──────',
    '日本語のプロジェクト  👩‍👩‍👧‍👦👩‍👩‍👧‍👦   $1.00',
    'cafe\u0301                  1     $12.50',
  ]);
  for (let columns = 20; columns < 36; columns++) {
    const table = lines(columns, { columns: COLUMNS, rows, last: null });
    expect(Math.max(...table.map(width))).toBeLessThanOrEqual(columns);
    expect(new Set(table.slice(1).map(width))).toEqual(new Set([width(table[1] ?? '')]));
    expect(table.join('\n')).not.toMatch(/\p{Cs}/u);
  }
});

describe('a terminal that is too narrow', () => {
  test('takes from the widest cell that may be cut, the id at its end, the name in its middle', () => {
    expect(lines(30)).toEqual([
      'Name        Id            Cost',
      '──────────  ──────────  ──────',
      'a-r…g-name  0123456789   $1.00',
      'b           1           $12.50',
    ]);
    expect(lines(24)).toEqual([
      'Name     Id         Cost',
      '───────  ───────  ──────',
      'a-…name  0123456   $1.00',
      'b        1        $12.50',
    ]);
  });

  test.each([20, 22, 25, 29, 33, 38, 60])('of %d columns is not exceeded', (columns) => {
    expect(Math.max(...lines(columns).map(width))).toBeLessThanOrEqual(columns);
  });

  test('never cuts an amount, nor anything below its least', () => {
    expect(lines(5)).toEqual(lines(20));
    expect(lines(5)[2]).toBe('a…name  0123   $1.00');
  });

  test('takes from a bar before any name, down to its figure', () => {
    const columns: TextColumn[] = [
      { title: 'Name', align: 'left', cut: 'middle', least: 4 },
      { title: 'Share', align: 'left', cut: 'bar' },
    ];
    const rows = [['long-name', ' 50 % ██████']];
    const [, , row] = lines(20, { columns, rows, last: null });
    expect(row).toBe('long-name   50 % ███');
    expect(lines(16, { columns, rows, last: null })[2]).toBe('lo…-name   50 %');
  });

  test('loses what can be done without, the most dispensable first', () => {
    const columns: TextColumn[] = [
      { title: 'Key', align: 'left' },
      { title: 'Less', align: 'right', dispensable: 1 },
      { title: 'Least', align: 'right', dispensable: 2 },
    ];
    const titles = (most: number | null): string =>
      lines(most, { columns, rows: [['k', '1', '2']], last: null })[0] ?? '';
    expect(titles(null)).toBe('Key  Less  Least');
    expect(titles(16)).toBe('Key  Less  Least');
    expect(titles(15)).toBe('Key  Less');
    expect(titles(8)).toBe('Key');
  });
});

test('a text is shortened in its middle, by whole characters', () => {
  expect(shorten('abcdefghij', 10, plain(null))).toBe('abcdefghij');
  expect(shorten('abcdefghij', 7, plain(null))).toBe('ab…ghij');
  expect(shorten('abcdefghij', 7, plain(null, 'C'))).toBe('a..ghij');
});

test.each([
  ['👍'.repeat(10), 4, '…👍'],
  ['👍'.repeat(10), 8, '👍…👍👍'],
  ['日本語のプロジェクト', 10, '日…ェクト'],
  ['👩‍👩‍👧‍👦-team-👩‍👩‍👧‍👦', 7, '👩‍👩‍👧‍👦…m-👩‍👩‍👧‍👦'],
  ['e\u0301'.repeat(9), 5, `e\u0301…${'e\u0301'.repeat(3)}`],
])('%j in %d columns is %j', (text, columns, expected) => {
  expect(shorten(text, columns, plain(null))).toBe(expected);
  expect(width(expected)).toBeLessThanOrEqual(columns);
});
