import { describe, expect, test } from 'vitest';
import { printable } from '../../src/core/lang/printable.ts';
import { type CsvValue, csvLine } from '../../src/render/text/csv.ts';
import { fc } from '../helpers/fast-check.ts';

/** Cells of a CSV text, read character by character as RFC 4180 says. */
function cellsOf(text: string): string[][] {
  const lines: string[][] = [];
  let line: string[] = [];
  let cell = '';
  let isQuoted = false;
  for (let at = 0; at < text.length; at++) {
    const letter = text[at] ?? '';
    if (isQuoted && letter === '"' && text[at + 1] === '"') {
      cell += '"';
      at++;
    } else if (letter === '"') isQuoted = !isQuoted;
    else if (isQuoted) cell += letter;
    else if (letter === ',') {
      line.push(cell);
      cell = '';
    } else if (letter === '\r' && text[at + 1] === '\n') {
      lines.push([...line, cell]);
      line = [];
      cell = '';
      at++;
    } else cell += letter;
  }
  expect({ isQuoted, cell, line }).toEqual({ isQuoted: false, cell: '', line: [] });
  return lines;
}

describe('a line of CSV', () => {
  test.each<[CsvValue[], string]>([
    [['a', 1, null, true], 'a,1,,true\r\n'],
    [['a,b', 'say "so"', 'two\nlines'], '"a,b","say ""so""",two\\nlines\r\n'],
    [['=1+1', '+1', '-1', '@x', '\tx', '\rx'], "'=1+1,'+1,'-1,'@x,'\\tx,'\\rx\r\n"],
    [[' =1', '\u00A0@x', '＝1', '\u200B=1'], "' =1,'\u00A0@x,'＝1,\\u200b=1\r\n"],
    [['a\u001B[31m\u202E\u0085', ['\u007F']], 'a\\x1b[31m\\u202e\\x85,"[""\\x7f""]"\r\n'],
    [['=a,"b"'], '"\'=a,""b"""\r\n'],
    [[-1, -0.5, 12345678901234567890n], '-1,-0.5,12345678901234567890\r\n'],
    [[], '\r\n'],
  ])('case %#', (values, line) => {
    expect(csvLine(values)).toBe(line);
  });

  test('reads back as what it was written from, with controls written out, and no text starts as a formula does', () => {
    const texts = fc.array(fc.string({ unit: fc.constantFrom(...'=+-@\t\r\n",\'aé ') }), {
      minLength: 1,
    });
    fc.assert(
      fc.property(fc.array(texts, { minLength: 1 }), (lines) => {
        const read = cellsOf(lines.map((line) => csvLine(line)).join(''));
        const bare = (cell: string): string => printable(cell).replace(/^'/, '');
        expect(read.map((line) => line.map(bare))).toEqual(lines.map((line) => line.map(bare)));
        for (const cell of read.flat()) expect(cell).not.toMatch(/^\s*[=+\-@]|[\t\r\n]/);
      }),
    );
  });
});
