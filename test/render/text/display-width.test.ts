import { describe, expect, test } from 'vitest';
import { graphemes, width } from '../../../src/render/text/display-width.ts';

describe('the width of a text on a terminal', () => {
  test.each([
    ['', 0],
    ['abc', 3],
    ['\u001B[1mabc\u001B[22m', 3],
    ['· … ─ █ ≥ Σ', 11],
    ['日本', 4],
    ['한국', 4],
    ['ｆｕｌｌ', 8],
    ['👍a', 3],
    ['👩‍👩‍👧‍👦', 2],
    ['👍🏽', 2],
    ['🇩🇪', 2],
    ['❤️', 2],
    ['e\u0301', 1],
    ['\u001B[31m日本\u001B[39m', 4],
  ])('%j takes %d columns', (text, columns) => {
    expect(width(text)).toBe(columns);
  });
});

test('a text consists of what a reader takes for one character', () => {
  expect(graphemes('a👩‍👩‍👧‍👦e\u0301日🇩🇪')).toEqual(['a', '👩‍👩‍👧‍👦', 'e\u0301', '日', '🇩🇪']);
});
