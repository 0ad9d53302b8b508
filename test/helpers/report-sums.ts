import { expect } from 'vitest';
import { zoneOffset } from '../../src/core/time/period.ts';
import { DIMENSIONS, type Dimension } from '../../src/reports/dimensions.ts';
import type { Report, Totals } from '../../src/reports/report.ts';
import { type SummaryRequest, summarize } from '../../src/reports/summary.ts';
import type { Ledger } from '../../src/store/connection/open.ts';
import { LedgerReader, NO_FILTER } from '../../src/store/reader.ts';

/** The default request of a report. */
export function requestOf(by: Dimension[], rest: Partial<SummaryRequest> = {}): SummaryRequest {
  const timezone = 'Europe/Berlin';
  const offset = zoneOffset(timezone) ?? (() => 0);
  const filter = NO_FILTER;
  return { filter, filters: {}, by, timezone, offset, order: null, limit: null, nowMs: 0, ...rest };
}

/** Every integer field. */
const FIELDS = [
  'requests',
  'inputTokens',
  'outputTokens',
  'cacheReadTokens',
  'cacheWrite5mTokens',
  'cacheWrite1hTokens',
  'webSearchRequests',
  'costNanoUsd',
  'estimatedCostNanoUsd',
  'unpricedRequests',
  'incompleteRequests',
] as const;

function integersOf(totals: Totals): Record<string, bigint> {
  return Object.fromEntries(FIELDS.map((name) => [name, BigInt(totals[name])]));
}

function sumOf(parts: Totals[]): Record<string, bigint> {
  return Object.fromEntries(
    FIELDS.map((name) => [name, parts.reduce((sum, part) => sum + BigInt(part[name]), 0n)]),
  );
}

/** Checks that groups add up to the totals, breakdowns to their groups, and that keys are unique. */
export function expectSums(report: Report): void {
  expect(sumOf(report.groups)).toEqual(integersOf(report.totals));
  for (const group of report.groups) {
    if (group.breakdown !== undefined) expect(sumOf(group.breakdown)).toEqual(integersOf(group));
  }
  const keys = report.groups.map(({ key }) => JSON.stringify(key));
  expect(new Set(keys).size).toBe(keys.length);
}

/** Every dimension and every pair of them, with and without a breakdown and a limit. */
export async function expectAllSums(db: Ledger): Promise<void> {
  const reader = new LedgerReader(db);
  const all = (await summarize(reader, requestOf([]))).totals;
  const pairs = DIMENSIONS.flatMap((a) => DIMENSIONS.map((b) => [...new Set([a, b])]));
  for (const [index, by] of pairs.entries()) {
    const hasBreakdown = index % 2 === 0 || by.length === 1;
    const limit = index % 3 === 0 ? 2 : null;
    const report = await summarize(reader, requestOf(by, { hasBreakdown, limit }));
    expect({ by, totals: report.totals }).toEqual({ by, totals: all });
    expectSums(report);
    for (const { key } of report.groups) {
      if (key['other'] !== true) expect(Object.keys(key)).toEqual(by);
    }
    if (limit !== null) expect(report.groups.length).toBeLessThanOrEqual(limit + 1);
  }
}
