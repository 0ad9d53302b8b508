import * as z from 'zod';
import { emptyNote } from '../../reports/empty-note.ts';
import { toTotals } from '../../reports/report.ts';
import { summarize } from '../../reports/summary.ts';
import type { Dimension } from '../../reports/dimensions.ts';
import type { DocumentOf } from '../../schemas/schema-of.ts';
import { listedSession, sessionAnswer, sessionsAnswer } from '../../schemas/answers/sessions.ts';
import { LedgerReader } from '../../store/reader.ts';
import {
  type ListedSession,
  SESSION_ORDERS,
  SessionList,
  isQuickOrder,
} from '../../store/sessions/list.ts';
import {
  parseFilterParameters,
  filterParameters,
  isQuick,
  pageParameters,
  rangeParameter,
} from '../http/parameters.ts';
import { answerHead } from '../http/answer-head.ts';
import { route } from '../http/route.ts';
import { toSummaryRequest } from './summary.ts';

const { timezone } = filterParameters;

export const sessionsRoute = route({
  method: 'get',
  path: '/api/costs/sessions',
  summary: 'Sessions with the totals of all their requests, latest first',
  access: 'token',
  query: z.strictObject({
    ...pageParameters,
    ...filterParameters,
    range: rangeParameter.describe(
      'Sessions with at least one request in this period that matches the filters',
    ),
    sort: z.enum(SESSION_ORDERS).default('time').describe('time: the time of the last request'),
    order: z.enum(['asc', 'desc']).default('desc'),
  }),
  answer: sessionsAnswer,
  thread: (query) => (isQuickOrder(query.sort) && isQuick(query, []) ? 'reports' : 'rows'),
  respond: ({ query, receivedAtMs }, worker) =>
    worker.ledger(async (db) => {
      const { page, pageSize, sort, order } = query;
      const zone = worker.zone(query.timezone);
      const parsed = await parseFilterParameters(query, db, zone, receivedAtMs);
      const { filter } = parsed;
      const list = new SessionList(db);
      const total = list.count(filter);
      return {
        ...answerHead(receivedAtMs),
        sessions: list
          .page(filter, { sort, order }, (page - 1) * pageSize, pageSize)
          .map(sessionJson),
        total,
        page,
        pageSize,
        ...(total > 0
          ? {}
          : { note: await emptyNote(new LedgerReader(db), { ...parsed, ...zone }) }),
      };
    }),
});

export const sessionRoute = route({
  method: 'get',
  path: '/api/costs/sessions/{sessionId}',
  summary: 'One session by model, tool and agent; an unknown id returns an empty result',
  access: 'token',
  query: z.strictObject({ sessionId: z.string().min(1).max(1000), timezone }),
  answer: sessionAnswer,
  thread: 'reports',
  // The answer also contains the head of the report, which is not in its schema.
  respond: ({ query, receivedAtMs }, worker): Promise<DocumentOf<typeof sessionAnswer>> =>
    worker.ledger(async (db) => {
      const reader = new LedgerReader(db);
      const request = await toSummaryRequest(query, [], db, worker, receivedAtMs);
      const by = async (...names: Dimension[]) =>
        (await summarize(reader, { ...request, by: names })).groups;
      const report = await summarize(reader, request);
      const session = new SessionList(db).one(query.sessionId);
      return {
        ...report,
        sessionId: query.sessionId,
        session: session === null ? null : sessionJson(session),
        byModel: await by('model'),
        byTool: await by('tool'),
        byAgent: await by('agent-type', 'agent'),
      };
    }),
});

function sessionJson(session: ListedSession): DocumentOf<typeof listedSession> {
  const { sessionId, parentSessionId, project, client, models, agentTypes, measures } = session;
  return {
    sessionId,
    parentSessionId,
    project,
    client,
    firstAt: new Date(session.firstAtMs).toISOString(),
    lastAt: new Date(session.lastAtMs).toISOString(),
    models,
    agentTypes,
    ...toTotals(measures),
  };
}
