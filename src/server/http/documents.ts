// Shapes of the REST API's answers: the documents of `tallyhook schema`, in pages and with what they are about.
import * as z from 'zod';
import { group, reportShape, sum, time, totalsWith, usd } from '../../schemas/parts.ts';
import { record } from '../../schemas/record.ts';

export { record };

/** A document; it may gain fields. */
export function answer<Shape extends z.ZodRawShape>(id: string, shape: Shape) {
  return z.looseObject({ schemaVersion: z.literal(1), generatedAt: time, ...shape }).meta({ id });
}

export const pageShape = {
  total: z.int().describe('Of all pages'),
  page: z.int(),
  pageSize: z.int(),
};

export const period = z
  .looseObject({
    range: z.string().describe('As asked; custom where dates were given'),
    since: time.nullable(),
    until: time.nullable().describe('The first moment that does not count any more; null: open'),
  })
  .meta({ id: 'period' });

export const summaryShape = {
  timezone: z.string(),
  period,
  filters: reportShape.filters,
  totals: reportShape.totals,
  groups: reportShape.groups,
  totalCostUsd: usd,
  totalInputTokens: sum.describe('Of every kind: fresh, cache reads and cache writes'),
  totalOutputTokens: sum,
  unattributedCostNanoUsd: reportShape.unattributedCostNanoUsd,
};

export const sessionDocument = totalsWith({
  sessionId: z.string(),
  parentSessionId: z.string().nullable().describe('Of a fork: the session that it comes from'),
  project: z.string().nullable(),
  firstAt: time,
  lastAt: time,
  models: z.array(z.string()).describe('The dearest first'),
  agentTypes: z
    .array(z.string().nullable())
    .describe('Of its subagents, the dearest first; null: the main thread'),
}).meta({ id: 'session' });

export const point = totalsWith({
  start: time.describe('When the local hour, day, week or month begins'),
  label: z.string(),
  groups: z.array(group).optional(),
}).meta({ id: 'point' });

export const problem = z
  .strictObject({
    error: z.strictObject({
      code: z.string(),
      message: z.string(),
      field: z.string().nullable().describe('The parameter that is at fault'),
    }),
  })
  .meta({ id: 'problem' });
