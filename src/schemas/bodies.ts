// What callers of the REST API send to change something.
import * as z from 'zod';
import { BUDGET_ACTIONS, BUDGET_PERIODS } from '../core/budget/budget.ts';
import { BUDGET_NAME, NAME_FAULT } from '../core/budget/spec.ts';
import { scopeShape } from './budgets.ts';

/** As `tallyhook budget set` takes it; what it does not say is as there. */
export const budgetBody = z.looseObject({
  name: z.string().regex(BUDGET_NAME, { error: NAME_FAULT }),
  limit: z.union([z.string(), z.number()]).describe('USD, read to the nano-USD'),
  per: z.enum(BUDGET_PERIODS),
  ...scopeShape,
  project: scopeShape.project.describe('Its folder, or its name'),
  warn: z.int().optional().describe('Percent of the limit'),
  critical: z.int().optional(),
  action: z.enum(BUDGET_ACTIONS).optional(),
  failClosed: z.boolean().optional(),
});

const number = z.int().min(1);

/** As `tallyhook alerts ack` takes it. */
export const acknowledgeBody = z.strictObject({
  numbers: z
    .union([z.array(number).min(1).max(1000), z.literal('all')], {
      error: "is no list of alerts' numbers, and not all",
    })
    .describe("The alerts' numbers, as in [12, 13]; all: every one that there is"),
});
