import * as z from 'zod';
import { ALERT_KINDS } from '../../core/alert/alert.ts';
import { BUDGET_ORIGINS, BUDGET_STEPS } from '../../core/budget/budget.ts';
import { alertsAck } from '../alerts.ts';
import { budgetSet, status } from '../budgets.ts';
import { time, usd } from '../parts.ts';
import { answer, pageShape } from './parts.ts';

export const budgetsAnswer = answer('budgets', {
  timezone: z.string(),
  sessionId: z.string().nullable(),
  budgets: z.array(status),
});

const overridden = {
  overriddenBy: z
    .enum(BUDGET_ORIGINS)
    .exclude(['command'])
    .nullable()
    .describe('Who has one of that name that counts instead'),
};

export const budgetSetAnswer = answer('budgetIsSet', {
  budget: budgetSet.shape.budget,
  ...overridden,
});

export const budgetRemovedAnswer = answer('budgetIsRemoved', {
  name: z.string(),
  isRemoved: z.literal(true),
  ...overridden,
});

export const listedAlert = z
  .looseObject({
    number: z.int().describe('What `tallyhook alerts ack` takes'),
    at: time,
    kind: z.enum(ALERT_KINDS),
    level: z.enum(BUDGET_STEPS).describe('Of a budget its own: warning, critical, over'),
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

export const alertsAnswer = answer('alerts', {
  alerts: z.array(listedAlert),
  open: z.int().describe('Not acknowledged, of all pages'),
  ...pageShape,
});

export const acknowledgedAnswer = answer('alertsAreAcknowledged', {
  acknowledged: alertsAck.shape.acknowledged.describe('Those of them that were open'),
});
