import { expect, test } from 'vitest';
import { joinParts, wrapText } from '../../../src/render/text/wrap.ts';

test.each<[columns: number | null, lines: string[]]>([
  [null, ['one · two · three']],
  [17, ['one · two · three']],
  [16, ['one · two', 'three']],
  [9, ['one · two', 'three']],
  [8, ['one', 'two', 'three']],
  // A part that is too long by itself is on a line of its own, whole.
  [2, ['one', 'two', 'three']],
])('parts on %d columns', (columns, lines) => {
  expect(joinParts(['one', 'two', 'three'], ' · ', columns)).toEqual(lines);
});

test('no part is no line', () => {
  expect(joinParts([], ', ', 80)).toEqual([]);
});

test('colours and wide characters count as the columns that they take', () => {
  const red = '\u001B[31mred\u001B[39m';
  expect(joinParts([red, '👍'], ' ', 6)).toEqual([`${red} 👍`]);
  expect(joinParts([red, '👍'], ' ', 5)).toEqual([red, '👍']);
});

test('further lines of a text are indented, and fit with that', () => {
  expect(wrapText('aaaa bbbb cccc', null)).toEqual(['aaaa bbbb cccc']);
  expect(wrapText('aaaa bbbb cccc', 11)).toEqual(['aaaa bbbb', '  cccc']);
  expect(wrapText('aaaa bbbb cccc', 10)).toEqual(['aaaa', '  bbbb', '  cccc']);
  for (let columns = 7; columns < 20; columns++) {
    for (const line of wrapText('aaaa bbbb cccc', columns)) {
      expect(line.length).toBeLessThanOrEqual(columns);
    }
  }
});
