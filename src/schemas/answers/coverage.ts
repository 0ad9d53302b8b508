import * as z from 'zod';
import { coverageParts } from '../coverage.ts';
import { sum, time } from '../parts.ts';
import { answer, pageShape, period } from './parts.ts';

const { totals, client, lost, model, shape } = coverageParts;

export const coveredSession = z
  .looseObject({
    sessionId: z.string(),
    project: z.string().nullable(),
    client: z.string().nullable().describe('Null: known only from a lost request'),
    lastAt: time,
    ledgerCostNanoUsd: sum,
    ...shape,
    clientCostNanoUsd: sum.nullable().describe("The client's own total; null: none was reported"),
    unattributedCostNanoUsd: sum.nullable().describe('Client total minus recorded cost; signed'),
    coverage: z.number().nullable().describe("Recorded cost divided by the client's total"),
  })
  .meta({ id: 'covered' });

export const coverageAnswer = answer('coverage', {
  period,
  totals: totals.describe('Totals of all matching sessions, not only of this page'),
  clients: z.array(client).describe('The clients of all matching sessions, the highest cost first'),
  models: z.array(model),
  lost: z.array(lost),
  sessions: z.array(coveredSession),
  ...pageShape,
});
