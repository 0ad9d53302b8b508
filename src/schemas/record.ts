import * as z from 'zod';
import { RECORD_SOURCES } from '../core/record/cost-record.ts';
import type { RecordJson } from '../core/record/record-json.ts';
import { sum, usd } from './parts.ts';
import { schemaOf } from './schema-of.ts';

const text = z.string().nullable();
const partCost = sum
  .nullable()
  .describe('What tokens of this kind cost; the five sum to costNanoUsd');

/** One billed request: a line of `tail --json` and of `export --format ndjson`. */
export const record = schemaOf<RecordJson>()(
  z
    .looseObject({
      seq: z.int().describe('Order of arrival in this ledger'),
      id: z.string(),
      messageId: text,
      source: z.enum(RECORD_SOURCES),
      occurredAtMs: z.int().describe('Milliseconds since 1970, UTC'),
      sessionId: z.string(),
      promptId: text,
      agentId: text.describe('Null: the main thread'),
      agentType: text,
      parentAgentId: text,
      taskType: z.string(),
      client: z.string(),
      clientVersion: text,
      model: z.string().describe('Canonical name'),
      modelRaw: z.string().describe('As the client sent it'),
      modelClass: text,
      provider: text,
      inputTokens: z.int(),
      outputTokens: z.int(),
      cacheReadTokens: z.int(),
      cacheWrite5mTokens: z.int(),
      cacheWrite1hTokens: z.int(),
      webSearchRequests: z.int(),
      serviceTier: text,
      speed: text,
      inferenceGeo: text,
      costNanoUsd: sum.nullable().describe('Null where no price is known'),
      costUsd: usd.nullable(),
      inputCostNanoUsd: partCost,
      outputCostNanoUsd: partCost,
      cacheReadCostNanoUsd: partCost,
      cacheWriteCostNanoUsd: partCost,
      webSearchCostNanoUsd: partCost,
      priceId: text,
      priceBasis: z.string(),
      priceDated: text.describe('The day of the table that it is from'),
      isOutputFinal: z.boolean().describe('False: the output is only a lower bound'),
      toolName: text.describe('The first tool that it called'),
      hookEventId: z.int().nullable(),
      traceId: text.describe("The vendor's request id"),
      cwd: text,
      projectId: z.int().nullable(),
      project: text.describe("The project's folder"),
      gitBranch: text,
      metadata: z.record(z.string(), z.unknown()).nullable(),
      payloadJson: text,
    })
    .meta({ id: 'record' }),
);
