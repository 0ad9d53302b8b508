import * as z from 'zod';
import { coverageReport } from '../../reports/coverage/coverage.ts';
import type { CoverageGroup } from '../../reports/coverage/document.ts';
import { coverageParts } from '../../schemas/coverage.ts';
import { sum, time } from '../../schemas/parts.ts';
import { CoverageReader } from '../../store/client/coverage.ts';
import { removedRecords } from '../../store/verify/lost-records.ts';
import { answer, pageShape, period } from '../http/documents.ts';
import { filterParameters, pageParameters, rangeParameter } from '../http/parameters.ts';
import { route } from '../http/route.ts';
import { periodOf, rangeOf, requestOf } from './summary.ts';

const { totals, lost, model, shape } = coverageParts;

const covered = z
  .looseObject({
    sessionId: z.string(),
    project: z.string().nullable(),
    lastAt: time,
    ledgerCostNanoUsd: sum,
    ...shape,
    clientCostNanoUsd: sum.nullable().describe("The client's own total; null: it told of none"),
    unattributedCostNanoUsd: sum
      .nullable()
      .describe('What the client says it spent on top; signed'),
    coverage: z.number().nullable().describe("The ledger's part of the client's total"),
  })
  .meta({ id: 'covered' });

const { sessionId, project, dateFrom, dateTo, timezone } = filterParameters;

export const coverageRoute = route({
  method: 'get',
  path: '/api/costs/coverage',
  summary: "The ledger against the client's own totals, by session, the latest first",
  access: 'token',
  query: z.strictObject({
    ...pageParameters,
    range: rangeParameter,
    sessionId,
    project,
    dateFrom,
    dateTo,
    timezone,
  }),
  answer: answer('coverage', {
    period,
    totals: totals.describe('Of all that fit, not of the page alone'),
    models: z.array(model),
    lost: z.array(lost),
    sessions: z.array(covered),
    ...pageShape,
  }),
  thread: 'rows',
  respond: ({ query, receivedAtMs }, desk) =>
    desk.ledger(async (db) => {
      const { page, pageSize } = query;
      const request = await requestOf(query, [], db, desk, receivedAtMs);
      // Transcripts are not read again: that takes as long as the history is large.
      const witness = { removed: removedRecords(db), reread: null };
      const asked = { ...request, by: 'session' as const };
      const found = await coverageReport(new CoverageReader(db), witness, asked);
      const latest = found.groups.toReversed();
      return {
        schemaVersion: 1,
        generatedAt: found.generatedAt,
        period: periodOf(rangeOf(query), request.filter),
        totals: found.totals,
        models: found.models,
        lost: found.lost,
        sessions: latest.slice((page - 1) * pageSize, page * pageSize).map(sessionJson),
        total: latest.length,
        page,
        pageSize,
      };
    }),
});

/** A session's own sums stand for what its client has not told. */
function sessionJson({ key, models: _models, ...group }: CoverageGroup): object {
  const isSilent = group.silentSessions > 0;
  const client = Number(group.clientCostNanoUsd);
  return {
    ...group,
    sessionId: key['session'],
    ledgerCostNanoUsd: isSilent ? group.silentCostNanoUsd : group.costNanoUsd,
    clientCostNanoUsd: isSilent ? null : group.clientCostNanoUsd,
    unattributedCostNanoUsd: isSilent ? null : group.unattributedCostNanoUsd,
    coverage: isSilent || client <= 0 ? null : Number(group.costNanoUsd) / client,
  };
}
