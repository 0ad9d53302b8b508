import { expect, test } from 'vitest';
import { pathList } from '../../../src/core/lang/path-list.ts';

test.each([
  [[], ''],
  [['/a/b'], '/a/b'],
  [['/a/b', '/a/c'], '/a/{b,c}'],
  [['/a/b', '/c/b'], '/a/b, /c/b'],
])('%j as %j', (paths, text) => {
  expect(pathList(paths)).toBe(text);
});
