import * as z from 'zod';
import { cacheReport } from '../../reports/cache.ts';
import { cacheAnswer } from '../../schemas/answers/costs.ts';
import { cacheGroups } from '../../store/sums/cache-groups.ts';
import { filterParameters, rangeParameter } from '../http/parameters.ts';
import { answerHead } from '../http/answer-head.ts';
import { route } from '../http/route.ts';
import { parsePeriod, formatRange, toSummaryRequest } from './summary.ts';

export const cacheRoute = route({
  method: 'get',
  path: '/api/costs/cache',
  summary:
    'What caching saved: what the same input would have cost uncached, minus what it did cost',
  access: 'token',
  query: z.strictObject({ range: rangeParameter, ...filterParameters }),
  answer: cacheAnswer,
  thread: 'rows',
  respond: ({ query, receivedAtMs }, worker) =>
    worker.ledger(async (db) => {
      const { filter } = await toSummaryRequest(query, [], db, worker, receivedAtMs);
      const report = cacheReport(cacheGroups(db, filter), worker.prices);
      return {
        ...answerHead(receivedAtMs),
        period: parsePeriod(formatRange(query), filter),
        ...report,
        savedUsd: report.savedNanoUsd / 1e9,
      };
    }),
});
