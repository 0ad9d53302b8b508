import stringWidth from 'string-width';
import { expect, test } from 'vitest';
import { countColumns, splitGlyphs } from '../../src/statusline/glyphs.ts';

test('every character is as wide as string-width says', () => {
  const differing: string[] = [];
  for (let code = 0x20; code <= 0x3ffff; code++) {
    const letter = String.fromCodePoint(code);
    // Not those that never reach the line: they are written as escapes.
    if (/[\p{Cn}\p{Cc}\p{Cs}\p{Cf}\p{Co}\p{Default_Ignorable_Code_Point}]/u.test(letter)) continue;
    if (countColumns(letter) !== stringWidth(letter))
      differing.push(`${code.toString(16)} ${letter}`);
  }
  expect(differing).toEqual([]);
});

test.each([
  ['abc', ['a', 'b', 'c']],
  ['日本', ['日', '本']],
  ['한글', ['한', '글']],
  ['\u1112\u1161\u11AB', ['\u1112\u1161\u11AB']],
  ['e\u0301o', ['e\u0301', 'o']],
  ['👍🏽!', ['👍🏽', '!']],
  ['👩‍👩‍👧‍👦x', ['👩‍👩‍👧‍👦', 'x']],
  ['❤️ 1️⃣', ['❤️', ' ', '1️⃣']],
  ['🇩🇪🇫🇷', ['🇩🇪', '🇫🇷']],
  ['🏳️‍🌈', ['🏳️‍🌈']],
  ['का', ['का']],
  ['ｶﾞ', ['ｶﾞ']],
])('%j is split into its characters, as wide as string-width says', (text, expected) => {
  const glyphs = splitGlyphs(text);
  expect(glyphs.map((glyph) => glyph.text)).toEqual(expected);
  expect(glyphs.map((glyph) => glyph.columns)).toEqual(expected.map((one) => stringWidth(one)));
});
