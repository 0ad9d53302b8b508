import { expect, test } from 'vitest';
import { parseCcusage } from '../../../src/reports/compare/ccusage-report.ts';
import { type ComparedKey, explainRow } from '../../../src/reports/compare/comparison.ts';

/** As `ccusage claude daily --json --breakdown` 20.0.24 prints it. */
const printed = {
  daily: [
    {
      cacheCreationTokens: 7,
      cacheReadTokens: 3,
      date: '2026-11-20',
      inputTokens: 10,
      modelBreakdowns: [
        {
          cacheCreationTokens: 7,
          cacheReadTokens: 3,
          cost: 0.030000000000000002,
          inputTokens: 10,
          modelName: 'claude-opus-4-8-fast',
          outputTokens: 5,
        },
        { cost: 0, inputTokens: 1, modelName: 'claude-zephyr-9', outputTokens: 1 },
      ],
      modelsUsed: ['claude-opus-4-8-fast', 'claude-zephyr-9'],
      outputTokens: 5,
      totalCost: 0.030000000000000002,
      totalTokens: 27,
    },
  ],
  totals: { totalCost: 0.030000000000000002 },
};

test('days and models, costs to the nano-dollar', () => {
  const { rows, unpriced } = parseCcusage(JSON.stringify(printed));
  expect(rows).toMatchObject([
    {
      day: '2026-11-20',
      model: 'claude-opus-4-8-fast',
      amounts: {
        inputTokens: 10n,
        outputTokens: 5n,
        cacheReadTokens: 3n,
        cacheWriteTokens: 7n,
        costNanoUsd: 30_000_000n,
      },
    },
    { model: 'claude-zephyr-9', amounts: { inputTokens: 1n, cacheReadTokens: 0n } },
  ]);
  expect(unpriced).toEqual(['claude-zephyr-9']);
});

test('models without a price as version 20 names them', () => {
  const totals = { totalCost: 0, unpricedModels: ['claude-opus-5-5-fast'] };
  expect(parseCcusage(JSON.stringify({ ...printed, totals })).unpriced).toEqual([
    'claude-opus-5-5-fast',
  ]);
});

test.each(['', 'null', '[]', '{}', '{"daily":{}}', '{"daily":[1]'])('%j is no report', (text) => {
  expect(() => parseCcusage(text)).toThrow('did not print a daily report');
});

test('odd entries are passed over, never thrown at', () => {
  const days = [1, null, {}, { date: '2026-11-20' }, { date: 'x', modelBreakdowns: [{}, 3] }];
  expect(parseCcusage(JSON.stringify({ daily: days })).rows).toEqual([]);
});

test('what no cause accounts for is said to be unexplained', () => {
  const amounts = (outputTokens: bigint, costNanoUsd: bigint): ComparedKey['ours'] => ({
    inputTokens: 0n,
    outputTokens,
    cacheReadTokens: 0n,
    cacheWriteTokens: 0n,
    costNanoUsd,
  });
  const key: ComparedKey = {
    day: '2026-11-20',
    model: 'claude-opus-4-8',
    theirs: amounts(7n, 700n),
    ours: amounts(10n, 1000n),
    requests: 2,
  };
  const delta = {
    key: '2026-11-20 claude-opus-4-8',
    cause: 'gone',
    detail: null,
    amounts: amounts(-2n, -200n),
    places: ['request m1 of session s1'],
  } as const;
  const row = explainRow(key, [{ ...delta, places: [...delta.places] }], () => []);
  expect(row.causes).toMatchObject([{ cause: 'gone', amounts: { costNanoUsd: -200 } }]);
  expect(row.unexplained).toMatchObject({ outputTokens: -1, costNanoUsd: -100 });
});
