import * as z from 'zod';
import type { Group, GroupKey, PlainGroup, Sum, Totals } from '../reports/report.ts';
import { schemaOf } from './schema-of.ts';

/** Documents may gain fields: readers must ignore those they do not know. */
export function document<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.looseObject({ schemaVersion: z.literal(1), ...shape });
}

export const sum: z.ZodType<Sum> = z
  .union([z.int(), z.string().regex(/^-?\d+$/)])
  .meta({ id: 'sum', description: 'An integer; a string where a double would lose digits' });

export const time = z
  .string()
  .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/)
  .meta({ id: 'time', description: 'ISO 8601, UTC' });

export const usd = z.number().describe('USD, for display; the nano-USD field is exact');

/** Lists of names that may grow: documents only promise that they are strings. */
export function openText<Name extends string>(): z.ZodType<Name> {
  return z.string() as z.ZodType as z.ZodType<Name>;
}

const totalsShape = {
  requests: sum,
  inputTokens: sum,
  outputTokens: sum,
  cacheReadTokens: sum,
  cacheWrite5mTokens: sum,
  cacheWrite1hTokens: sum,
  webSearchRequests: sum,
  costNanoUsd: sum,
  costUsd: usd,
  estimatedCostNanoUsd: sum.describe('The part of the cost whose price was a fallback'),
  unpricedRequests: sum.describe('Requests without a cost'),
  incompleteRequests: sum.describe('Requests whose output count is only a lower bound'),
};

export const totals = schemaOf<Totals>()(z.looseObject(totalsShape).meta({ id: 'totals' }));

export const totalsWith = <Shape extends z.ZodRawShape>(shape: Shape) =>
  z.looseObject({ ...shape, ...totalsShape });

/** More precise than the type, which may be requested for any dimension. */
export const groupKey: z.ZodType<GroupKey> = z
  .union([
    z
      .strictObject({ other: z.literal(true) })
      .describe('The sum of the groups that a limit left out'),
    z
      .record(z.string(), z.string().nullable())
      .describe('Values by dimension; null where a request has none'),
  ])
  .meta({ id: 'groupKey' });

const plainGroup = schemaOf<PlainGroup>()(totalsWith({ key: groupKey }));

export const group = schemaOf<Group>()(
  totalsWith({
    key: groupKey,
    project: z
      .string()
      .nullable()
      .optional()
      .describe("Present for a session: its project's folder"),
    client: z
      .string()
      .nullable()
      .optional()
      .describe('Present for a session: its coding agent; null if no request of it is left'),
    firstAt: time.nullable().optional(),
    lastAt: time.nullable().optional(),
    breakdown: z.array(plainGroup).optional().describe('Groups by model, most expensive first'),
  }).meta({ id: 'group' }),
);

export const reportShape = {
  generatedAt: time,
  timezone: z.string(),
  filters: z
    .record(z.string(), z.string())
    .describe('The filters as given, with abbreviated ids completed'),
  totals,
  groups: z.array(group).describe('They sum exactly to the totals; empty without a grouping'),
  unmeteredRequests: z
    .int()
    .optional()
    .describe(
      "How many of the unpriced requests have token counts that can't be read; absent: none",
    ),
  unattributedCostNanoUsd: sum
    .optional()
    .describe('Client totals minus recorded cost; signed, never part of totals'),
  note: z.string().optional().describe('Only without requests: why, and where the ledger has some'),
};
