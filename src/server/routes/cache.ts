import * as z from 'zod';
import { cacheReport } from '../../reports/cache.ts';
import { cacheAnswer } from '../../schemas/answers/costs.ts';
import { cacheGroups } from '../../store/sums/cache-groups.ts';
import { filterParameters, rangeParameter } from '../http/parameters.ts';
import { answerHead } from '../http/answer-head.ts';
import { route } from '../http/route.ts';
import { periodOf, rangeOf, requestOf } from './summary.ts';

export const cacheRoute = route({
  method: 'get',
  path: '/api/costs/cache',
  summary: 'What caches saved: the same input at the input price, less what it cost',
  access: 'token',
  query: z.strictObject({ range: rangeParameter, ...filterParameters }),
  answer: cacheAnswer,
  thread: 'rows',
  respond: ({ query, receivedAtMs }, desk) =>
    desk.ledger(async (db) => {
      const { filter } = await requestOf(query, [], db, desk, receivedAtMs);
      const report = cacheReport(cacheGroups(db, filter), desk.prices);
      return {
        ...answerHead(receivedAtMs),
        period: periodOf(rangeOf(query), filter),
        ...report,
        savedUsd: report.savedNanoUsd / 1e9,
      };
    }),
});
