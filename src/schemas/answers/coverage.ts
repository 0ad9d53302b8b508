import * as z from 'zod';
import { coverageParts } from '../coverage.ts';
import { sum, time } from '../parts.ts';
import { answer, pageShape, period } from './parts.ts';

const { totals, lost, model, shape } = coverageParts;

export const coveredSession = z
  .looseObject({
    sessionId: z.string(),
    project: z.string().nullable(),
    lastAt: time,
    ledgerCostNanoUsd: sum,
    ...shape,
    clientCostNanoUsd: sum.nullable().describe("The client's own total; null: it told of none"),
    unattributedCostNanoUsd: sum
      .nullable()
      .describe('What the client says it spent on top; signed'),
    coverage: z.number().nullable().describe("The ledger's part of the client's total"),
  })
  .meta({ id: 'covered' });

export const coverageAnswer = answer('coverage', {
  period,
  totals: totals.describe('Of all that fit, not of the page alone'),
  models: z.array(model),
  lost: z.array(lost),
  sessions: z.array(coveredSession),
  ...pageShape,
});
