import { expect, test } from 'vitest';
import { zoneOffset } from '../../src/core/time/period.ts';
import { summarize } from '../../src/reports/summary.ts';
import { LedgerReader, NO_FILTER } from '../../src/store/reader.ts';
import { startOfDay, parseDay } from '../../src/core/time/period.ts';
import { generatedLedger } from '../helpers/generated-history.ts';
import { requestOf } from '../helpers/report-sums.ts';

interface Row {
  at: number;
  cost: number;
  output: number;
}

test.each([
  // The clock goes back and forth in each of these ranges but the first two.
  ['UTC', '2026-10-20', '2026-11-05'],
  ['Asia/Kathmandu', '2026-10-20', '2026-11-05'],
  ['Europe/Berlin', '2026-10-20', '2026-10-30'],
  ['Europe/Berlin', '2026-03-25', '2026-04-02'],
  ['America/New_York', '2026-10-28', '2026-11-05'],
  ['America/New_York', '2026-03-05', '2026-03-12'],
  ['Pacific/Auckland', '2026-09-24', '2026-09-30'],
  ['Pacific/Auckland', '2026-04-02', '2026-04-08'],
  ['America/Los_Angeles', '2026-10-28', '2026-11-05'],
])('days in %s from %s to %s are those of a calendar', async (zone, from, to) => {
  const db = generatedLedger({
    seed: 9,
    sessions: 6,
    requests: 60,
    fromMs: Date.parse(`${from}T00:00:00Z`),
    toMs: Date.parse(`${to}T00:00:00Z`),
  });
  const rows = db
    .prepare(
      'SELECT occurred_at_ms AS at, cost_nano_usd AS cost, output_tokens AS output FROM cost_records',
    )
    .all() as Row[];
  // Intl says of each row by itself which day it is: slow, and independent of our arithmetic.
  const calendar = new Intl.DateTimeFormat('en-CA', { timeZone: zone, dateStyle: 'short' });
  const expected: Record<string, [number, number, number]> = {};
  for (const { at, cost, output } of rows) {
    const sum = (expected[calendar.format(at)] ??= [0, 0, 0]);
    sum[0]++;
    sum[1] += cost;
    sum[2] += output;
  }
  const offset = zoneOffset(zone);
  if (offset === null) throw new Error(`${zone} is known to Intl`);
  const reader = new LedgerReader(db);
  const { groups } = await summarize(reader, requestOf(['day'], { timezone: zone, offset }));
  const days = groups.map(({ key, requests, costNanoUsd, outputTokens }) => [
    key['day'],
    [requests, costNanoUsd, outputTokens],
  ]);
  expect(Object.fromEntries(days)).toEqual(expected);
  // A day as a filter holds what it holds as a group.
  for (const [name, [requests, costNanoUsd]] of Object.entries(expected)) {
    const day = parseDay(name) ?? 0;
    const range = { sinceMs: startOfDay(day, offset), untilMs: startOfDay(day + 1, offset) };
    const filter = { ...NO_FILTER, ...range };
    const { totals } = await summarize(reader, requestOf([], { filter, offset }));
    expect({ name, requests, costNanoUsd }).toEqual({
      name,
      requests: totals.requests,
      costNanoUsd: totals.costNanoUsd,
    });
  }
});
