import { defineConfig } from 'vitest/config';

/** Hundreds of hooks at once, killed at random: minutes, so not part of `npm test`. */
export default defineConfig({
  test: {
    include: ['test/load/**/*.proof.ts'],
    globalSetup: ['test/helpers/program/build-once.ts'],
    testTimeout: 600_000,
    hookTimeout: 120_000,
    fileParallelism: false,
  },
});
