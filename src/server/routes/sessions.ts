import * as z from 'zod';
import { totalsOf } from '../../reports/report.ts';
import { summarize } from '../../reports/summary.ts';
import type { Dimension } from '../../reports/dimensions.ts';
import { group, reportShape } from '../../schemas/parts.ts';
import { LedgerReader } from '../../store/reader.ts';
import {
  type ListedSession,
  SESSION_ORDERS,
  SessionList,
  isQuickOrder,
} from '../../store/sessions/list.ts';
import { answer, pageShape, sessionDocument } from '../http/documents.ts';
import {
  parseFilterParameters,
  filterParameters,
  isQuick,
  pageParameters,
  rangeParameter,
} from '../http/parameters.ts';
import { route } from '../http/route.ts';
import { requestOf } from './summary.ts';

const { timezone } = filterParameters;

export const sessionsRoute = route({
  method: 'get',
  path: '/api/costs/sessions',
  summary: 'Sessions with the totals of all their requests, the latest first',
  access: 'token',
  query: z.strictObject({
    ...pageParameters,
    ...filterParameters,
    range: rangeParameter.describe('Sessions with a request in this time, and as the filters say'),
    sort: z.enum(SESSION_ORDERS).default('time').describe('time: of its last request'),
    order: z.enum(['asc', 'desc']).default('desc'),
  }),
  answer: answer('sessions', { sessions: z.array(sessionDocument), ...pageShape }),
  thread: (query) => (isQuickOrder(query.sort) && isQuick(query, []) ? 'reports' : 'rows'),
  respond: ({ query, receivedAtMs }, desk) =>
    desk.ledger(async (db) => {
      const { page, pageSize, sort, order } = query;
      const { filter } = await parseFilterParameters(
        query,
        db,
        desk.zone(query.timezone),
        receivedAtMs,
      );
      const list = new SessionList(db);
      return {
        schemaVersion: 1,
        generatedAt: new Date(receivedAtMs).toISOString(),
        sessions: list
          .page(filter, { sort, order }, (page - 1) * pageSize, pageSize)
          .map(sessionJson),
        total: list.count(filter),
        page,
        pageSize,
      };
    }),
});

export const sessionRoute = route({
  method: 'get',
  path: '/api/costs/sessions/{sessionId}',
  summary: 'One session by model, tool and agent; unknown: an empty result',
  access: 'token',
  query: z.strictObject({ sessionId: z.string().min(1).max(1000), timezone }),
  answer: answer('sessionBreakdown', {
    sessionId: z.string(),
    session: sessionDocument.nullable().describe('Null: nothing is known of it'),
    totals: reportShape.totals,
    byModel: z.array(group),
    byTool: z.array(group).describe('By the first tool that a request called; null: none'),
    byAgent: z.array(group),
    unattributedCostNanoUsd: reportShape.unattributedCostNanoUsd,
  }),
  thread: 'reports',
  respond: ({ query, receivedAtMs }, desk) =>
    desk.ledger(async (db) => {
      const reader = new LedgerReader(db);
      const request = await requestOf(query, [], db, desk, receivedAtMs);
      const by = async (...names: Dimension[]) =>
        (await summarize(reader, { ...request, by: names })).groups;
      const report = await summarize(reader, request);
      const found = new SessionList(db).one(query.sessionId);
      return {
        ...report,
        sessionId: query.sessionId,
        session: found === null ? null : sessionJson(found),
        byModel: await by('model'),
        byTool: await by('tool'),
        byAgent: await by('agent-type', 'agent'),
      };
    }),
});

function sessionJson({ measures, firstAtMs, lastAtMs, ...facts }: ListedSession): object {
  const times = {
    firstAt: new Date(firstAtMs).toISOString(),
    lastAt: new Date(lastAtMs).toISOString(),
  };
  return { ...facts, ...times, ...totalsOf(measures) };
}
