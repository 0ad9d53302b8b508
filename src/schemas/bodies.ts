// Request bodies of the REST API.
import * as z from 'zod';
import { BUDGET_ACTIONS, BUDGET_PERIODS } from '../core/budget/budget.ts';
import { BUDGET_NAME, NAME_FAULT } from '../core/budget/spec.ts';
import { scopeShape } from './budgets.ts';

/** The fields of `tallyhook budget set`, with the same defaults. */
export const budgetBody = z.looseObject({
  name: z.string().regex(BUDGET_NAME, { error: NAME_FAULT }),
  limit: z.union([z.string(), z.number()]).describe('USD, read to the nano-USD'),
  per: z.enum(BUDGET_PERIODS),
  ...scopeShape,
  project: scopeShape.project.describe('The folder or name of a project'),
  warn: z.int().optional().describe('Percent of the limit'),
  critical: z.int().optional(),
  action: z.enum(BUDGET_ACTIONS).optional(),
  failClosed: z.boolean().optional(),
});

const number = z.int().min(1);

/** The arguments of `tallyhook alerts ack`. */
export const acknowledgeBody = z.strictObject({
  numbers: z
    .union([z.array(number).min(1).max(1000), z.literal('all')], {
      error: 'is neither a list of alert numbers nor "all"',
    })
    .describe('The numbers of the alerts, such as [12, 13]; "all": every alert'),
});
