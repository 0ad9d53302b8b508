import { expect, test } from 'vitest';
import { marksOrNull } from '../../../src/core/usage/usage.ts';

const NONE = { providerHint: null, isEstimated: false, isSuspicious: false };

test('counts without a mark have no marks', () => {
  expect(marksOrNull(NONE)).toBeNull();
  expect(marksOrNull({ ...NONE, isMalformed: false, isCounter: false })).toBeNull();
});

test('a mark is kept, and those that are usually absent only if they are set', () => {
  expect(marksOrNull({ ...NONE, isCounter: true, isMalformed: false })).toEqual({
    ...NONE,
    isCounter: true,
  });
  expect(marksOrNull({ ...NONE, providerHint: 'openai', isCounter: false })).toEqual({
    ...NONE,
    providerHint: 'openai',
  });
});
