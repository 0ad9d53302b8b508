import { defineConfig } from 'vitest/config';

/** The npm package, installed from its tarball for several Nodes: minutes of compiling, and network. */
export default defineConfig({
  test: {
    include: ['test/package/**/*.proof.ts'],
    globalSetup: ['test/helpers/program/build-once.ts', 'test/client/setup.ts'],
    fileParallelism: false,
    testTimeout: 300_000,
    hookTimeout: 900_000,
  },
});
