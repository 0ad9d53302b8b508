import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

const BUILD = 'test/helpers/program/build-once.ts';

/** With the program's own tests: what is in the package, what the README shows, sets that take long to read. */
const WITH_PROGRAM = ['test/**/{package-content,readme}.test.ts', 'test/shared/**/*.test.ts'];

/** A test of the program waits for a process most of its time, so there are more at once than cores. */
const AT_ONCE = availableParallelism() + 1;

/**
 * A test's name decides its project: `*.test.ts` and `*.property.test.ts`, which tries many examples, run on the
 * sources alone, `*.e2e.test.ts` on the built program (test/projects.test.ts checks it). `*.proof.ts` takes minutes, or needs what not every machine
 * has, and is no part of `npm test`: its folder decides.
 */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/**/*.{e2e,property}.test.ts', ...WITH_PROGRAM],
          isolate: false,
          testTimeout: 60_000,
          maxWorkers: AT_ONCE,
        },
      },
      {
        test: {
          name: 'property',
          include: ['test/**/*.property.test.ts'],
          testTimeout: 60_000,
          maxWorkers: AT_ONCE,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['test/**/*.e2e.test.ts', ...WITH_PROGRAM],
          globalSetup: [BUILD],
          // A program that hangs is stopped long before; some tests run a hundred of them.
          testTimeout: 240_000,
          hookTimeout: 120_000,
          maxWorkers: AT_ONCE,
        },
      },
      {
        test: {
          name: 'load',
          include: ['test/load/**/*.proof.ts'],
          globalSetup: [BUILD],
          fileParallelism: false,
          testTimeout: 600_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'web',
          include: ['test/web/**/*.proof.ts'],
          globalSetup: [BUILD],
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'package',
          include: ['test/package/**/*.proof.ts'],
          globalSetup: [BUILD, 'test/client/setup.ts'],
          fileParallelism: false,
          testTimeout: 300_000,
          // It compiles for several Nodes.
          hookTimeout: 900_000,
        },
      },
      {
        test: {
          name: 'client',
          include: ['test/client/**/*.proof.ts'],
          globalSetup: ['test/client/setup.ts'],
          // Sessions share two cores with the client, its tools and the hooks that it starts.
          fileParallelism: false,
          testTimeout: 180_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'agents',
          include: ['test/agents-lab/**/*.proof.ts'],
          globalSetup: [BUILD, 'test/agents-lab/setup.ts'],
          testTimeout: 240_000,
          maxWorkers: AT_ONCE,
        },
      },
    ],
  },
});
