import { expect, test } from 'vitest';
import { explainModel } from '../../../src/reports/coverage/model-coverage.ts';
import type { LedgerPart } from '../../../src/store/client/coverage.ts';

/** Ten requests for ten cents. */
const PART: LedgerPart = {
  sessionId: 's1',
  model: 'm',
  requests: 10n,
  costNanoUsd: 100_000_000n,
  inputTokens: 1000n,
  outputTokens: 500n,
  cacheReadTokens: 20n,
  cacheWriteTokens: 30n,
  webSearchRequests: 0n,
  incomplete: 0n,
  batch: 0n,
  batchNanoUsd: 0n,
  regional: 0n,
  regionalNanoUsd: 0n,
  estimated: 0n,
};
const { costNanoUsd, inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens } = PART;
const SAME = { costNanoUsd, inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens };
const NONE = Object.fromEntries(
  [...Object.keys(SAME), 'webSearchRequests'].map((name) => [name, 0n]),
);

interface Case {
  client?: Partial<typeof SAME>;
  part?: Partial<LedgerPart>;
  since?: Partial<LedgerPart>;
  /** Cause, count and amount. */
  causes: [string, number, bigint][];
  unexplained?: Partial<typeof SAME>;
}

test.each<[string, Case]>([
  ['both the same', { causes: [] }],
  [
    'another price for the same tokens',
    { client: { costNanoUsd: 90_000_000n }, causes: [['price-difference', 10, -10_000_000n]] },
  ],
  ['rounding', { client: { costNanoUsd: 100_000_007n }, causes: [['rounding', 10, 7n]] }],
  [
    'batches at full price',
    {
      client: { costNanoUsd: 104_000_000n },
      part: { batch: 2n, batchNanoUsd: 4_000_000n },
      causes: [['batch', 2, 4_000_000n]],
    },
  ],
  [
    'batches, and another amount',
    {
      client: { costNanoUsd: 105_000_000n },
      part: { batch: 2n, batchNanoUsd: 4_000_000n },
      causes: [['price-difference', 10, 5_000_000n]],
    },
  ],
  [
    'a region without its tenth',
    {
      client: { costNanoUsd: 99_000_000n },
      part: { regional: 1n, regionalNanoUsd: 11_000_000n },
      causes: [['region', 1, -1_000_000n]],
    },
  ],
  [
    'outputs that were written too early',
    {
      client: { costNanoUsd: 101_000_000n, outputTokens: 540n },
      part: { incomplete: 3n },
      causes: [['incomplete-output', 3, 1_000_000n]],
    },
  ],
  [
    'more output, and none was written too early: nobody knows',
    {
      client: { costNanoUsd: 101_000_000n, outputTokens: 540n },
      causes: [],
      unexplained: { costNanoUsd: 1_000_000n, outputTokens: 40n },
    },
  ],
  [
    'a request beside them: its prompt has tokens',
    {
      client: { costNanoUsd: 101_000_000n, inputTokens: 1100n, outputTokens: 540n },
      part: { incomplete: 3n },
      causes: [],
      unexplained: { costNanoUsd: 1_000_000n, inputTokens: 100n, outputTokens: 40n },
    },
  ],
  [
    'requests after the last word',
    {
      client: { costNanoUsd: 80_000_000n, inputTokens: 900n, outputTokens: 450n },
      since: {
        requests: 2n,
        costNanoUsd: 20_000_000n,
        inputTokens: 100n,
        outputTokens: 50n,
        cacheReadTokens: 0n,
        cacheWriteTokens: 0n,
      },
      causes: [['not-reported', 2, -20_000_000n]],
    },
  ],
  [
    'less than the requests after the last word explain',
    {
      client: { costNanoUsd: 70_000_000n, inputTokens: 800n, outputTokens: 450n },
      since: {
        requests: 2n,
        costNanoUsd: 20_000_000n,
        inputTokens: 100n,
        outputTokens: 50n,
        cacheReadTokens: 0n,
        cacheWriteTokens: 0n,
      },
      causes: [],
      unexplained: { costNanoUsd: -30_000_000n, inputTokens: -200n, outputTokens: -50n },
    },
  ],
])('%s', (_, { client, part, since, causes, unexplained }) => {
  const found = explainModel({
    model: 'm',
    client: { ...SAME, webSearchRequests: 0n, ...client },
    part: { ...PART, ...part },
    since: since === undefined ? null : { ...PART, ...since },
    explained: { ...NONE } as never,
  });
  expect(found.causes.map(({ cause, count, costNanoUsd: cost }) => [cause, count, cost])).toEqual(
    causes,
  );
  expect(found.coverage.unexplained).toEqual({ ...NONE, ...unexplained });
});
