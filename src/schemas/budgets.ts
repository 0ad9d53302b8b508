import * as z from 'zod';
import type { BudgetHistoryEvent, BudgetJson, BudgetStatusJson } from '../reports/budgets.ts';
import {
  BUDGET_ACTIONS,
  BUDGET_HISTORY_KINDS,
  BUDGET_LEVELS,
  BUDGET_ORIGINS,
  BUDGET_PERIODS,
  BUDGET_STEPS,
} from '../core/budget/budget.ts';
import { document, time, usd } from './parts.ts';
import { schemaOf } from './schema-of.ts';

const nanoUsd = z.int();

/** The values that requests may have to match to count for a budget. */
export const scopeShape = {
  project: z.string().optional(),
  branch: z.string().optional(),
  model: z.string().optional(),
  agentType: z.string().optional(),
  tool: z.string().optional(),
  provider: z.string().optional(),
  client: z.string().optional(),
};

const budgetShape = {
  name: z.string(),
  limitNanoUsd: nanoUsd,
  limitUsd: usd,
  per: z.enum(BUDGET_PERIODS),
  scope: z
    .looseObject(scopeShape)
    .describe('Only requests that match all of these count; empty: all requests'),
  warnPercent: z.int(),
  criticalPercent: z.int(),
  action: z.enum(BUDGET_ACTIONS),
  failClosed: z.boolean(),
  origin: z.enum(BUDGET_ORIGINS),
};

const budget = schemaOf<BudgetJson>()(z.looseObject(budgetShape));

export const status = schemaOf<BudgetStatusJson>()(
  z
    .looseObject({
      ...budgetShape,
      allowedNanoUsd: nanoUsd.describe('Sum of the allowances, which limitNanoUsd includes'),
      window: z
        .looseObject({ key: z.string(), since: time.nullable(), until: time.nullable() })
        .nullable()
        .describe('Null: there is no session or prompt to apply the budget to'),
      spentNanoUsd: nanoUsd.nullable(),
      spentUsd: usd.nullable(),
      unattributedNanoUsd: nanoUsd
        .nullable()
        .describe('The part of the spend that the client reports but no record shows'),
      remainingNanoUsd: nanoUsd.nullable().describe('Never below zero'),
      share: z.number().nullable().describe('Spend divided by the limit: 1 means all is spent'),
      level: z.enum(BUDGET_LEVELS).nullable(),
      unpricedRequests: z
        .int()
        .nullable()
        .describe('Requests left out of the spend because their cost is not known'),
      isBlockedByUnpriced: z
        .boolean()
        .describe('Counts as over because of a request without a known cost'),
      crossesAt: time
        .nullable()
        .describe('When the limit is reached at the present rate of spending'),
    })
    .meta({ id: 'budgetStatus' }),
);

const statusShape = {
  generatedAt: time,
  timezone: z.string(),
  sessionId: z
    .string()
    .nullable()
    .describe('The session whose session and prompt budgets are shown'),
  budgets: z.array(status),
};

export const budgetStatus = document(statusShape);

export const budgetCheck = document({
  isWithin: z.boolean(),
  over: z.array(z.string()).describe('Names of the budgets that are over'),
  ...statusShape,
});

export const budgetList = document({ budgets: z.array(budget) });

export const budgetSet = document({ budget });

export const budgetRemove = document({ name: z.string(), isRemoved: z.literal(true) });

export const budgetAllow = document({
  allowance: z.looseObject({
    budget: z.string(),
    amountNanoUsd: nanoUsd,
    windowKey: z.string().nullable().describe('Null: applies to every window until it expires'),
    expiresAt: time.nullable(),
  }),
  budgets: z.array(status),
});

const historyEvent = schemaOf<BudgetHistoryEvent>()(
  z.looseObject({
    at: time,
    kind: z.enum(BUDGET_HISTORY_KINDS),
    budget: z.string(),
    windowKey: z.string().nullable(),
    amountNanoUsd: nanoUsd.nullable().describe('The amount of an allowance'),
    amountUsd: usd.nullable(),
    expiresAt: time.nullable(),
    level: z.enum(BUDGET_STEPS).nullable().describe('The level of an alert'),
    limitNanoUsd: nanoUsd.nullable(),
    spentNanoUsd: nanoUsd.nullable(),
    sessionId: z.string().nullable(),
  }),
);

export const budgetHistory = document({
  events: z.array(historyEvent),
});

export const budgetDocuments = {
  'budget-status': { title: 'budget status', schema: budgetStatus },
  'budget-check': { title: 'budget check', schema: budgetCheck },
  'budget-list': { title: 'budget list', schema: budgetList },
  'budget-set': { title: 'budget set', schema: budgetSet },
  'budget-remove': { title: 'budget remove', schema: budgetRemove },
  'budget-allow': { title: 'budget allow', schema: budgetAllow },
  'budget-history': { title: 'budget history', schema: budgetHistory },
};
