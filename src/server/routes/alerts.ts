import * as z from 'zod';
import { type StoredAlert, countAlertRows, readAlertRows } from '../../store/alerts/reader.ts';
import { pageParameters } from '../http/parameters.ts';
import { answerHead } from '../http/answer-head.ts';
import { route } from '../http/route.ts';
import type { DocumentOf } from '../../schemas/schema-of.ts';
import { alertsAnswer, listedAlert } from '../../schemas/answers/limits.ts';
import { iso } from './summary.ts';

export const alertsRoute = route({
  method: 'get',
  path: '/api/costs/alerts',
  summary: 'Alerts of every kind, newest first',
  access: 'token',
  query: z.strictObject({
    ...pageParameters,
    budget: z
      .string()
      .min(1)
      .max(200)
      .optional()
      .describe('Only alerts of the budget with this name'),
  }),
  answer: alertsAnswer,
  thread: 'reports',
  respond: ({ query, receivedAtMs }, worker) =>
    worker.ledger((db) => {
      const { page, pageSize, budget = null } = query;
      const filter = { isOpen: false, levels: null, budget };
      const rows = { limit: pageSize, offset: (page - 1) * pageSize };
      return {
        ...answerHead(receivedAtMs),
        alerts: readAlertRows(db, { ...filter, ...rows }).map(alertJson),
        open: countAlertRows(db, { ...filter, isOpen: true }),
        total: countAlertRows(db, filter),
        page,
        pageSize,
      };
    }),
});

function alertJson(alert: StoredAlert): DocumentOf<typeof listedAlert> {
  const { id, kind, subject, windowKey, reason, amountNanoUsd, limitNanoUsd, sessionId } = alert;
  return {
    number: id,
    at: new Date(alert.occurredAtMs).toISOString(),
    kind,
    level: kind === 'budget' ? alert.step : alert.level,
    subject,
    reason,
    amountNanoUsd,
    amountUsd: amountNanoUsd / 1e9,
    budget: kind === 'budget' ? subject : null,
    windowKey,
    limitNanoUsd,
    limitUsd: limitNanoUsd === null ? null : limitNanoUsd / 1e9,
    spentNanoUsd: amountNanoUsd,
    spentUsd: amountNanoUsd / 1e9,
    sessionId,
    acknowledgedAt: iso(alert.acknowledgedAtMs),
  };
}
