import { test } from 'vitest';
import { TROUBLES, expectComeback } from './comeback.ts';

test.each(TROUBLES)(
  'a mail server that %s and comes back has each alert once, in order',
  async (trouble) => {
    await expectComeback('email', trouble);
  },
);
