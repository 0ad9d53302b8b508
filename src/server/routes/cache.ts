import * as z from 'zod';
import { cacheReport } from '../../reports/cache.ts';
import { cacheGroups } from '../../store/sums/cache-groups.ts';
import { answer, period } from '../http/documents.ts';
import { filterParameters, rangeParameter } from '../http/parameters.ts';
import { route } from '../http/route.ts';
import { periodOf, rangeOf, requestOf } from './summary.ts';

export const cacheRoute = route({
  method: 'get',
  path: '/api/costs/cache',
  summary: 'What caches saved: the same input at the input price, less what it cost',
  access: 'token',
  query: z.strictObject({ range: rangeParameter, ...filterParameters }),
  answer: answer('cache', {
    period,
    savedNanoUsd: z.int().describe('Signed; to about a hundred-thousandth'),
    savedUsd: z.number(),
    requests: z.int().describe('That used a cache'),
    unknownRequests: z.int().describe('Of them those whose rates are not known: in no sum'),
  }),
  thread: 'rows',
  respond: ({ query, receivedAtMs }, desk) =>
    desk.ledger(async (db) => {
      const { filter } = await requestOf(query, [], db, desk, receivedAtMs);
      const report = cacheReport(cacheGroups(db, filter), desk.prices);
      return {
        schemaVersion: 1,
        generatedAt: new Date(receivedAtMs).toISOString(),
        period: periodOf(rangeOf(query), filter),
        ...report,
        savedUsd: report.savedNanoUsd / 1e9,
      };
    }),
});
