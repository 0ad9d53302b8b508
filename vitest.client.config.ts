import { defineConfig } from 'vitest/config';

/** The proof with the real client: `npm run test:client`. Not part of `npm test`. */
export default defineConfig({
  test: {
    include: ['test/client/**/*.proof.ts'],
    globalSetup: ['test/client/setup.ts'],
    // Sessions share two cores with the client, its tools and the hooks that it starts.
    fileParallelism: false,
    testTimeout: 180_000,
    hookTimeout: 120_000,
  },
});
