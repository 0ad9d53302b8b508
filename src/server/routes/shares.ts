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
  summary: 'Where the money went: shares of each cost by what caused them; they sum to the totals',
  access: 'token',
  query: z.strictObject({
    groupBy: groupByParameter.describe('Comma-separated; without it cause,part'),
    range: rangeParameter,
    ...filterParameters,
    limit: limitParameter,
  }),
  answer: sharesAnswer,
  thread: 'rows',
  respond: ({ query, receivedAtMs }, worker) =>
    worker.ledger(async (db) => {
      const asked = query.groupBy.length === 0 ? (['cause', 'part'] as const) : query.groupBy;
      // Times come first, so that groups are in their order.
      const by = [...asked].sort((a, b) => Number(isTimeDimension(b)) - Number(isTimeDimension(a)));
      const request = await toSummaryRequest(query, by, db, worker, receivedAtMs);
      const limited = { ...request, limit: query.limit };
      return {
        ...(await summarizeShares(new LedgerReader(db), new AttributionReader(db), limited)),
        period: parsePeriod(formatRange(query), request.filter),
      };
    }),
});
