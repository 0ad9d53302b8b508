import * as fc from 'fast-check';

// The same examples in each run, so that a commit either passes or fails; `npm run test:explore` uses others.
const seed = process.env['TALLYHOOK_TEST_SEED'] ?? '20261125';
if (seed !== 'any') fc.configureGlobal({ seed: Number(seed) });

/** How many examples are used for a property that writes ledgers or settings. */
export function runs(usual: number): { numRuns: number } {
  return { numRuns: Number(process.env['TALLYHOOK_TEST_RUNS'] ?? usual) };
}

/** The number of examples of a property that is cheap to check: a quarter of them in `npm test`, all in CI. */
export function cheapRuns(all: number): { numRuns: number } {
  return { numRuns: process.env['TALLYHOOK_TEST_RUNS'] === undefined ? all / 4 : all };
}

export { fc };
