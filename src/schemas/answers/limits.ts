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
    .describe('Which source defines the budget of the same name that applies instead'),
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
    number: z.int().describe('The number that `tallyhook alerts ack` takes'),
    at: time,
    kind: z.enum(ALERT_KINDS),
    level: z.enum(BUDGET_STEPS).describe('For a budget: warning, critical or over'),
    subject: z.string().describe("A budget's name, or `day`, `session`, `request` or `hour`"),
    reason: z.string(),
    amountNanoUsd: z.int(),
    amountUsd: usd,
    budget: z.string().nullable().describe('Null: the alert is not about a budget'),
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
  open: z.int().describe('Number of unacknowledged alerts on all pages'),
  ...pageShape,
});

export const acknowledgedAnswer = answer('alertsAreAcknowledged', {
  acknowledged: alertsAck.shape.acknowledged.describe('Those of the alerts that were open'),
});
