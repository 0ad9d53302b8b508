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

/** What requests may have to share to count for a budget. */
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
    .describe('What requests have to share to count; empty: all count'),
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
      allowedNanoUsd: nanoUsd.describe('What the limit was raised by; it is in limitNanoUsd'),
      window: z
        .looseObject({ key: z.string(), since: time.nullable(), until: time.nullable() })
        .nullable()
        .describe('Null: no session or prompt is there that it could be of'),
      spentNanoUsd: nanoUsd.nullable(),
      spentUsd: usd.nullable(),
      unattributedNanoUsd: nanoUsd
        .nullable()
        .describe('The part of it that the client says it spent and no record shows'),
      remainingNanoUsd: nanoUsd.nullable().describe('Never below zero'),
      share: z.number().nullable().describe('1 is all of it'),
      level: z.enum(BUDGET_LEVELS).nullable(),
      isBlockedByUnpriced: z.boolean().describe('Over because of a request without a price'),
      crossesAt: time.nullable().describe('If spending goes on as it has in this window'),
    })
    .meta({ id: 'budgetStatus' }),
);

const statusShape = {
  generatedAt: time,
  timezone: z.string(),
  sessionId: z.string().nullable().describe('Whose session and prompt budgets are shown'),
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
    windowKey: z.string().nullable().describe('Null: in any window, until it expires'),
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
    amountNanoUsd: nanoUsd.nullable().describe('Of an allowance'),
    amountUsd: usd.nullable(),
    expiresAt: time.nullable(),
    level: z.enum(BUDGET_STEPS).nullable().describe('Of an alert'),
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
