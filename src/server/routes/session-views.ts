import * as z from 'zod';
import { MISS_REASONS } from '../../core/attribution/cache-miss.ts';
import { explainSession } from '../../reports/explain/session.ts';
import { sessionTimeline } from '../../reports/explain/timeline.ts';
import { explainedSession } from '../../schemas/attribution.ts';
import { time } from '../../schemas/parts.ts';
import { AttributionReader } from '../../store/attribution/reader.ts';
import { LedgerReader } from '../../store/reader.ts';
import { answer } from '../http/documents.ts';
import { filterParameters } from '../http/parameters.ts';
import { route } from '../http/route.ts';
import { requestOf } from './summary.ts';

const { timezone } = filterParameters;
const { schemaVersion: _version, generatedAt: _at, ...explained } = explainedSession.shape;
const query = z.strictObject({ sessionId: z.string().min(1).max(1000), timezone });

export const explainRoute = route({
  method: 'get',
  path: '/api/costs/sessions/{sessionId}/explain',
  summary: "A session's bill: parts and causes, prompts, subagents, dearest calls, cache misses",
  access: 'token',
  query,
  answer: answer('sessionExplanation', explained),
  thread: 'rows',
  respond: (asked, desk) =>
    desk.ledger(async (db) => {
      const request = await requestOf(asked.query, [], db, desk, asked.receivedAtMs);
      const { sessionId } = asked.query;
      return explainSession(new LedgerReader(db), new AttributionReader(db), request, sessionId);
    }),
});

/** More than a chart can show and a page can list. */
const MAX_REQUESTS = 5000;

const tokens = z.int().nullable();

export const timelineRoute = route({
  method: 'get',
  path: '/api/costs/sessions/{sessionId}/timeline',
  summary: `A session's requests in order of time, the latest ${MAX_REQUESTS}, with their context`,
  access: 'token',
  query,
  answer: answer('sessionTimeline', {
    sessionId: z.string(),
    total: z.int().describe('Of all requests'),
    requests: z.array(
      z.looseObject({
        requestId: z.string(),
        occurredAt: time,
        model: z.string(),
        agentId: z.string().nullable().describe("Null: the main thread's"),
        promptId: z.string().nullable(),
        costNanoUsd: z.int().nullable(),
        outputTokens: z.int(),
        promptTokens: tokens.describe('Its context; null where no transcript shows it'),
        carriedTokens: tokens,
        rewrittenTokens: tokens.describe('Carried, and paid as new again'),
        enteredTokens: tokens,
        cacheMiss: z.enum(MISS_REASONS).nullable(),
      }),
    ),
  }),
  thread: 'rows',
  respond: (asked, desk) =>
    desk.ledger(async (db) => {
      const { query, receivedAtMs } = asked;
      const { filter } = await requestOf(query, [], db, desk, receivedAtMs);
      const requests = await sessionTimeline(new AttributionReader(db), filter);
      return {
        schemaVersion: 1,
        generatedAt: new Date(receivedAtMs).toISOString(),
        sessionId: query.sessionId,
        total: requests.length,
        requests: requests.slice(-MAX_REQUESTS),
      };
    }),
});
