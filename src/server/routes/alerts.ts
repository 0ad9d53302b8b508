import * as z from 'zod';
import { ALERT_KINDS, ALERT_LEVELS } from '../../core/alert/alert.ts';
import { time, usd } from '../../schemas/parts.ts';
import { type StoredAlert, countAlertRows, readAlertRows } from '../../store/alerts/reader.ts';
import { answer, pageShape } from '../http/documents.ts';
import { pageParameters } from '../http/parameters.ts';
import { route } from '../http/route.ts';
import { iso } from './summary.ts';

const alert = z
  .looseObject({
    number: z.int().describe('What `tallyhook alerts ack` takes'),
    at: time,
    kind: z.enum(ALERT_KINDS),
    level: z
      .enum([...ALERT_LEVELS, 'over', 'fine'])
      .describe('Of a budget its own: warning, critical, over'),
    subject: z.string().describe("A budget's name; day, session or request; hour"),
    reason: z.string(),
    amountNanoUsd: z.int(),
    amountUsd: usd,
    budget: z.string().nullable().describe('Null: the alert is about none'),
    windowKey: z.string(),
    limitNanoUsd: z.int().nullable(),
    limitUsd: usd.nullable(),
    spentNanoUsd: z.int(),
    spentUsd: usd,
    sessionId: z.string().nullable(),
    acknowledgedAt: time.nullable(),
  })
  .meta({ id: 'alert' });

export const alertsRoute = route({
  method: 'get',
  path: '/api/costs/alerts',
  summary: 'Alerts of every kind, the newest first',
  access: 'token',
  query: z.strictObject({
    ...pageParameters,
    budget: z.string().min(1).max(200).optional().describe('Of one budget, by its name'),
  }),
  answer: answer('alerts', {
    alerts: z.array(alert),
    open: z.int().describe('Not acknowledged, of all pages'),
    ...pageShape,
  }),
  thread: 'reports',
  respond: ({ query, receivedAtMs }, desk) =>
    desk.ledger((db) => {
      const { page, pageSize, budget = null } = query;
      const filter = { isOpen: false, levels: null, budget };
      const rows = { limit: pageSize, offset: (page - 1) * pageSize };
      return {
        schemaVersion: 1,
        generatedAt: new Date(receivedAtMs).toISOString(),
        alerts: readAlertRows(db, { ...filter, ...rows }).map(alertJson),
        open: countAlertRows(db, { ...filter, isOpen: true }),
        total: countAlertRows(db, filter),
        page,
        pageSize,
      };
    }),
});

function alertJson(found: StoredAlert): object {
  const { id, kind, subject, windowKey, reason, amountNanoUsd, limitNanoUsd, sessionId } = found;
  return {
    number: id,
    at: iso(found.occurredAtMs),
    kind,
    level: kind === 'budget' ? found.step : found.level,
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
    acknowledgedAt: iso(found.acknowledgedAtMs),
  };
}
