import * as z from 'zod';
import { isTimeDimension } from '../../reports/dimensions.ts';
import { summarizeShares } from '../../reports/shares/shares.ts';
import { sharesAnswer } from '../../schemas/answers/sessions.ts';
import { AttributionReader } from '../../store/attribution/reader.ts';
import { LedgerReader } from '../../store/reader.ts';
import {
  filterParameters,
  groupByParameter,
  limitParameter,
  rangeParameter,
} from '../http/parameters.ts';
import { route } from '../http/route.ts';
import { parsePeriod, formatRange, toSummaryRequest } from './summary.ts';

export const sharesRoute = route({
  method: 'get',
  path: '/api/costs/shares',
  summary: 'Where the money went: shares of each cost by cause; they add up to the totals',
  access: 'token',
  query: z.strictObject({
    groupBy: groupByParameter.describe('Comma-separated dimensions; default: cause,part'),
    range: rangeParameter,
    ...filterParameters,
    limit: limitParameter,
  }),
  answer: sharesAnswer,
  thread: 'rows',
  respond: ({ query, receivedAtMs }, worker) =>
    worker.ledger(async (db) => {
      const dimensions = query.groupBy.length === 0 ? (['cause', 'part'] as const) : query.groupBy;
      // Time dimensions come first, so that groups are ordered by time.
      const by = [...dimensions].sort(
        (a, b) => Number(isTimeDimension(b)) - Number(isTimeDimension(a)),
      );
      const request = await toSummaryRequest(query, by, db, worker, receivedAtMs);
      const limited = { ...request, limit: query.limit };
      return {
        ...(await summarizeShares(new LedgerReader(db), new AttributionReader(db), limited)),
        period: parsePeriod(formatRange(query), request.filter),
      };
    }),
});
