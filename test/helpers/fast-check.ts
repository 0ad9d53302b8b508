import * as fc from 'fast-check';

// The same examples at each run, so that a tree is either green or not; `npm run test:explore` takes others.
const seed = process.env['TALLYHOOK_TEST_SEED'] ?? '20261125';
if (seed !== 'any') fc.configureGlobal({ seed: Number(seed) });

/** How many examples a property that writes ledgers or settings is tried on. */
export function runs(usual: number): { numRuns: number } {
  return { numRuns: Number(process.env['TALLYHOOK_TEST_RUNS'] ?? usual) };
}

export { fc };
