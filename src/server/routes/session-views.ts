import * as z from 'zod';
import { explainSession } from '../../reports/explain/session.ts';
import { sessionTimeline } from '../../reports/explain/timeline.ts';
import { explanationAnswer, timelineAnswer } from '../../schemas/answers/sessions.ts';
import { AttributionReader } from '../../store/attribution/reader.ts';
import { LedgerReader } from '../../store/reader.ts';
import { filterParameters } from '../http/parameters.ts';
import { answerHead } from '../http/answer-head.ts';
import { route } from '../http/route.ts';
import { toSummaryRequest } from './summary.ts';

const { timezone } = filterParameters;
const query = z.strictObject({ sessionId: z.string().min(1).max(1000), timezone });

export const explainRoute = route({
  method: 'get',
  path: '/api/costs/sessions/{sessionId}/explain',
  summary:
    "What a session's cost consists of: causes, prompts, subagents, most expensive calls, cache misses",
  access: 'token',
  query,
  answer: explanationAnswer,
  thread: 'rows',
  respond: (input, worker) =>
    worker.ledger(async (db) => {
      const request = await toSummaryRequest(input.query, [], db, worker, input.receivedAtMs);
      const { sessionId } = input.query;
      return explainSession(new LedgerReader(db), new AttributionReader(db), request, sessionId);
    }),
});

/** More than a chart can show and a page can list. */
const MAX_REQUESTS = 5000;

export const timelineRoute = route({
  method: 'get',
  path: '/api/costs/sessions/{sessionId}/timeline',
  summary: `The latest ${MAX_REQUESTS} requests of a session in order of time, with the size of their context`,
  access: 'token',
  query,
  answer: timelineAnswer,
  thread: 'rows',
  respond: (input, worker) =>
    worker.ledger(async (db) => {
      const { query, receivedAtMs } = input;
      const { filter } = await toSummaryRequest(query, [], db, worker, receivedAtMs);
      const requests = await sessionTimeline(new AttributionReader(db), filter);
      return {
        ...answerHead(receivedAtMs),
        sessionId: query.sessionId,
        total: requests.length,
        requests: requests.slice(-MAX_REQUESTS),
      };
    }),
});
