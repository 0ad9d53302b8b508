import * as z from 'zod';
import { BUDGET_LEVELS } from '../../core/budget.ts';
import { time, usd } from '../../schemas/parts.ts';
import { countAlerts, readAlerts } from '../../store/budget-reader.ts';
import { answer, pageShape } from '../documents.ts';
import { pageParameters } from '../parameters.ts';
import { route } from '../route.ts';
import { iso } from './summary.ts';

const alert = z
  .looseObject({
    at: time,
    budget: z.string(),
    windowKey: z.string(),
    level: z.enum(BUDGET_LEVELS),
    limitNanoUsd: z.int(),
    limitUsd: usd,
    spentNanoUsd: z.int(),
    spentUsd: usd,
    sessionId: z.string().nullable(),
    acknowledgedAt: time.nullable(),
  })
  .meta({ id: 'alert' });

export const alertsRoute = route({
  method: 'get',
  path: '/api/costs/alerts',
  summary: 'Crossings of budgets, the newest first',
  access: 'token',
  query: z.strictObject({
    ...pageParameters,
    budget: z.string().min(1).max(200).optional().describe('Of one budget, by its name'),
  }),
  answer: answer('alerts', { alerts: z.array(alert), ...pageShape }),
  thread: 'reports',
  respond: ({ query, receivedAtMs }, desk) =>
    desk.ledger((db) => {
      const { page, pageSize, budget = null } = query;
      const found = readAlerts(db, pageSize, budget, (page - 1) * pageSize);
      return {
        schemaVersion: 1,
        generatedAt: new Date(receivedAtMs).toISOString(),
        alerts: found.map(({ occurredAtMs, acknowledgedAtMs, ...rest }) => ({
          at: iso(occurredAtMs),
          ...rest,
          limitUsd: rest.limitNanoUsd / 1e9,
          spentUsd: rest.spentNanoUsd / 1e9,
          acknowledgedAt: iso(acknowledgedAtMs),
        })),
        total: countAlerts(db, budget),
        page,
        pageSize,
      };
    }),
});
