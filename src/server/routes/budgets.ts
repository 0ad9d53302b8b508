import * as z from 'zod';
import { budgetStates } from '../../budgets/evaluate.ts';
import { effectiveBudgets } from '../../budgets/effective.ts';
import { budgetStatuses } from '../../reports/budgets.ts';
import { budgetsAnswer } from '../../schemas/answers/limits.ts';
import { selectLastPrompt } from '../../store/budgets/reader.ts';
import { findLastSession } from '../../store/sessions/last.ts';
import type { Ledger } from '../../store/connection/open.ts';
import { SessionList } from '../../store/sessions/list.ts';
import type { WorkerContext } from '../workers/context.ts';
import { filterParameters } from '../http/parameters.ts';
import { answerHead } from '../http/answer-head.ts';
import { route } from '../http/route.ts';

export const budgetsRoute = route({
  method: 'get',
  path: '/api/costs/budgets',
  summary: 'How much is spent of each budget that applies to a session',
  access: 'token',
  query: z.strictObject({
    sessionId: filterParameters.sessionId.describe(
      'The session whose budgets are returned; default: the last session',
    ),
    timezone: filterParameters.timezone,
  }),
  answer: budgetsAnswer,
  thread: 'reports',
  respond: ({ query, receivedAtMs }, worker) =>
    worker.ledger((db) => {
      const zone = worker.zone(query.timezone);
      const sessionId = query.sessionId ?? findLastSession(db, null)?.sessionId ?? null;
      return {
        ...answerHead(receivedAtMs),
        timezone: zone.timezone,
        sessionId,
        budgets: statusesAt(db, worker, sessionId, receivedAtMs, zone.offset),
      };
    }),
});

/** The budgets that apply in the project of a session, with what is spent of them. */
export function statusesAt(
  db: Ledger,
  worker: WorkerContext,
  sessionId: string | null,
  nowMs: number,
  offset: (atMs: number) => number,
) {
  const { settings, env } = worker;
  const session = sessionId === null ? null : new SessionList(db).one(sessionId);
  // Without a project only the user's own budgets apply.
  const { budgets } = effectiveBudgets(db, env, settings, session?.project ?? '/');
  const target = {
    sessionId,
    promptId: sessionId === null ? null : selectLastPrompt(db, sessionId),
  };
  const counting = { unpriced: settings.budget.unpriced, prices: () => worker.prices };
  const states = budgetStates(db, budgets, target, nowMs, offset, counting);
  return budgetStatuses(budgets, states, nowMs);
}
