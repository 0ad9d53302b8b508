import * as z from 'zod';
import { toSum } from '../../reports/report.ts';
import { type SummaryRequest, summarize } from '../../reports/summary.ts';
import type { Ledger } from '../../store/connection/open.ts';
import { LedgerReader } from '../../store/reader.ts';
import { SessionReader } from '../../store/sessions/reader.ts';
import type { Dimension } from '../../reports/dimensions.ts';
import type { DocumentOf } from '../../schemas/schema-of.ts';
import type { period } from '../../schemas/answers/parts.ts';
import { summaryAnswer } from '../../schemas/answers/costs.ts';
import type { WorkerContext } from '../workers/context.ts';
import {
  type FilterQuery,
  parseFilterParameters,
  filterParameters,
  requestGroupByParameter,
  isQuick,
  limitParameter,
  rangeParameter,
} from '../http/parameters.ts';
import { route } from '../http/route.ts';

export const summaryRoute = route({
  method: 'get',
  path: '/api/costs/summary',
  summary: 'Totals and groups; the groups add up exactly to the totals',
  access: 'token',
  query: z.strictObject({
    groupBy: requestGroupByParameter,
    range: rangeParameter,
    ...filterParameters,
    limit: limitParameter,
    order: z.enum(['asc', 'desc']).optional().describe('Order of time groups, else order by cost'),
  }),
  answer: summaryAnswer,
  thread: (query) => (isQuick(query, query.groupBy) ? 'reports' : 'rows'),
  respond: ({ query, receivedAtMs }, worker) =>
    worker.ledger(async (db) => {
      const { groupBy, limit, order } = query;
      const request = await toSummaryRequest(query, groupBy, db, worker, receivedAtMs);
      const limited = { ...request, limit, order: order ?? null };
      return summaryDocument(
        await summarize(new LedgerReader(db), limited, new SessionReader(db)),
        {
          range: formatRange(query),
          ...request.filter,
        },
      );
    }),
});

type RangedQuery = FilterQuery & { range?: z.output<typeof rangeParameter> };

/** Turns a query into the request of a report. @throws Problem */
export async function toSummaryRequest(
  query: RangedQuery,
  by: Dimension[],
  db: Ledger,
  worker: WorkerContext,
  nowMs: number,
): Promise<SummaryRequest> {
  const zone = worker.zone(query.timezone);
  const { filter, filters } = await parseFilterParameters(query, db, zone, nowMs);
  const { ticketPattern } = worker.settings.project;
  return { filter, filters, by, order: null, limit: null, ticketPattern, ...zone, nowMs };
}

export function formatRange({ range = 'all', dateFrom, dateTo }: RangedQuery): string {
  return dateFrom === undefined && dateTo === undefined ? range : 'custom';
}

export function parsePeriod(
  range: string,
  { sinceMs, untilMs }: { sinceMs: number | null; untilMs: number | null },
): DocumentOf<typeof period> {
  return { range, since: iso(sinceMs), until: iso(untilMs) };
}

export function iso(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}

function summaryDocument(
  report: Awaited<ReturnType<typeof summarize>>,
  period: { range: string; sinceMs: number | null; untilMs: number | null },
): DocumentOf<typeof summaryAnswer> {
  const { totals } = report;
  const input = [
    totals.inputTokens,
    totals.cacheReadTokens,
    totals.cacheWrite5mTokens,
    totals.cacheWrite1hTokens,
  ];
  return {
    ...report,
    period: parsePeriod(period.range, period),
    totalCostUsd: totals.costUsd,
    totalInputTokens: toSum(input.reduce<bigint>((all, one) => all + BigInt(one), 0n)),
    totalOutputTokens: totals.outputTokens,
  };
}
