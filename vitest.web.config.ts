import { defineConfig } from 'vitest/config';

/** The dashboard in a real browser: `npm run test:web`. Not part of `npm test`. */
export default defineConfig({
  test: {
    include: ['test/web/**/*.proof.ts'],
    globalSetup: ['test/helpers/program/build-once.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    fileParallelism: false,
  },
});
