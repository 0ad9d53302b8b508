import { expect, test } from 'vitest';
import { closestMatches } from '../../../src/core/lang/closest-match.ts';

test.each([
  ['opsu', ['haiku', 'opus', 'sonnet'], ['opus']],
  ['bash', ['Read', 'Bash', 'BashOutput'], ['Bash', 'BashOutput']],
  ['feature', ['main', 'feature/login', 'feature/logout'], ['feature/login', 'feature/logout']],
  ['claude-opus-4-7', ['claude-opus-4-5', 'claude-haiku-4-5', 'gpt-5'], ['claude-opus-4-5']],
  ['entirely different', ['main', 'draft'], []],
  ['', ['main'], []],
  ['x'.repeat(500), ['x'.repeat(499)], []],
  ['日本', ['日本語', 'main'], ['日本語']],
])('the names closest to %s', (word, names, expected) => {
  expect(closestMatches(word, names).slice(0, expected.length || 1)).toEqual(expected);
});
