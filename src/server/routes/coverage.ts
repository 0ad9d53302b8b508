import * as z from 'zod';
import { limitsOf } from '../../agents/registry.ts';
import { coverageReport } from '../../reports/coverage/coverage.ts';
import type { CoverageGroup } from '../../reports/coverage/document.ts';
import type { DocumentOf } from '../../schemas/schema-of.ts';
import { coverageAnswer, coveredSession } from '../../schemas/answers/coverage.ts';
import { CoverageReader } from '../../store/client/coverage.ts';
import { removedRecords } from '../../store/verify/lost-records.ts';
import { filterParameters, pageParameters, rangeParameter } from '../http/parameters.ts';
import { answerHead } from '../http/answer-head.ts';
import { route } from '../http/route.ts';
import { parsePeriod, formatRange, toSummaryRequest } from './summary.ts';

const { sessionId, project, client, dateFrom, dateTo, timezone } = filterParameters;

export const coverageRoute = route({
  method: 'get',
  path: '/api/costs/coverage',
  summary: "The ledger compared with the client's own totals, by session, latest first",
  access: 'token',
  query: z.strictObject({
    ...pageParameters,
    range: rangeParameter,
    sessionId,
    project,
    client,
    dateFrom,
    dateTo,
    timezone,
  }),
  answer: coverageAnswer,
  thread: 'rows',
  respond: ({ query, receivedAtMs }, worker) =>
    worker.ledger(async (db) => {
      const { page, pageSize } = query;
      const request = await toSummaryRequest(query, [], db, worker, receivedAtMs);
      // Transcripts are not read again: the time that takes grows with the size of the history.
      const auxiliary = { removed: removedRecords(db), reread: null };
      const bySession = { ...request, by: 'session' as const, limitsOf };
      const report = await coverageReport(new CoverageReader(db), auxiliary, bySession);
      const latest = report.groups.toReversed();
      return {
        ...answerHead(receivedAtMs),
        period: parsePeriod(formatRange(query), request.filter),
        totals: report.totals,
        clients: report.clients,
        models: report.models,
        lost: report.lost,
        sessions: latest.slice((page - 1) * pageSize, page * pageSize).map(sessionJson),
        total: latest.length,
        page,
        pageSize,
      };
    }),
});

/** For a session without a client total, the ledger's cost is its own sum, and the client's fields are null. */
function sessionJson(one: CoverageGroup): DocumentOf<typeof coveredSession> {
  const { key, models: _models, ...group } = one;
  const {
    project: root = null,
    client: agent = null,
    lastAt = '',
    source = null,
    clientVersions = [],
  } = group;
  const isSilent = group.silentSessions > 0;
  const client = Number(group.clientCostNanoUsd);
  return {
    ...group,
    sessionId: key['session'] ?? '',
    project: root,
    client: agent,
    lastAt,
    source,
    clientVersions,
    ledgerCostNanoUsd: isSilent ? group.silentCostNanoUsd : group.costNanoUsd,
    clientCostNanoUsd: isSilent ? null : group.clientCostNanoUsd,
    unattributedCostNanoUsd: isSilent ? null : group.unattributedCostNanoUsd,
    coverage: isSilent || client <= 0 ? null : Number(group.costNanoUsd) / client,
  };
}
