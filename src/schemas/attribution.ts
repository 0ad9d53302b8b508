import * as z from 'zod';
import type { CacheMissReport } from '../reports/cache-misses.ts';
import type { CacheMiss, ExplainedPart } from '../reports/explain/explain.ts';
import type { RequestExplanation } from '../reports/explain/request.ts';
import type { SessionExplanation } from '../reports/explain/session.ts';
import type { ShareReport } from '../reports/shares/shares.ts';
import { MISS_REASONS } from '../core/attribution/cache-miss.ts';
import { CAUSES, PARTS } from '../core/attribution/share.ts';
import { document, groupKey, reportShape, sum, time, usd } from './parts.ts';
import { schemaOf } from './schema-of.ts';

const { groups: _, ...headShape } = reportShape;
const text = z.string().nullable();

/** A report of shares: the cost of a request is divided among its causes, its tokens are not. */
export const shares = schemaOf<ShareReport>()(
  document({
    ...headShape,
    groups: z
      .array(z.looseObject({ key: groupKey, costNanoUsd: sum, costUsd: usd }))
      .describe('Their costs sum exactly to totals.costNanoUsd'),
  }),
);

const cause = z.enum(CAUSES);

const parts = schemaOf<ExplainedPart[]>()(
  z
    .array(
      z.looseObject({
        part: z.enum(PARTS),
        costNanoUsd: sum,
        causes: z.array(
          z.looseObject({
            cause,
            tool: text.describe('Present for a tool use'),
            toolUseId: text.describe('Only in the explanation of a single request'),
            file: text,
            costNanoUsd: sum,
          }),
        ),
      }),
    )
    .describe('The causes sum exactly to their part, and the parts to the cost'),
);

const cacheMiss = schemaOf<CacheMiss>()(
  z
    .looseObject({
      requestId: z.string(),
      sessionId: z.string(),
      occurredAt: time,
      model: z.string(),
      agentId: text,
      reason: z.enum(MISS_REASONS),
      rewrittenTokens: z.int(),
      costNanoUsd: z.int().describe('The cost of these tokens'),
    })
    .meta({ id: 'cacheMiss' }),
);

export const explainedSession = schemaOf<SessionExplanation>()(
  document({
    ...headShape,
    sessionId: z.string(),
    parts,
    turns: z.array(
      z.looseObject({
        number: z
          .int()
          .nullable()
          .describe('From 1, in chronological order; null without a prompt'),
        promptId: text,
        startedAt: time,
        requests: z.int(),
        contextBeforeTokens: z.int().nullable().describe('Of the main thread'),
        contextAfterTokens: z.int().nullable(),
        carriedNanoUsd: sum,
        costNanoUsd: sum,
      }),
    ),
    runs: z
      .array(
        z.looseObject({
          agentId: z.string(),
          agentType: text,
          parentAgentId: text,
          startedByToolUseId: text,
          promptId: text,
          startedAt: time,
          requests: z.int(),
          costNanoUsd: sum,
          costWithNestedNanoUsd: sum,
        }),
      )
      .describe('The subagents that ran'),
    topCalls: z.array(
      z.looseObject({
        toolUseId: z.string(),
        tool: text,
        mcpServer: text,
        file: text,
        command: text,
        calledNanoUsd: sum.describe('Writing the call'),
        readNanoUsd: sum.describe('Adding the call and its result to the context'),
        carriedNanoUsd: sum.describe('Re-sending both with every request since'),
        costNanoUsd: sum,
      }),
    ),
    cacheMisses: z.array(cacheMiss),
  }),
);

export const explainedRequest = schemaOf<RequestExplanation>()(
  document({
    ...headShape,
    request: z.looseObject({
      id: z.string(),
      sessionId: z.string(),
      agentId: text,
      model: z.string(),
      occurredAt: time,
      costNanoUsd: sum.nullable(),
      outputTokens: z.int(),
      promptTokens: z.int().nullable().describe('Null where no transcript shows the context'),
      carriedTokens: z.int().nullable(),
      rewrittenTokens: z
        .int()
        .nullable()
        .describe('Tokens that were in the context before and were billed as new input again'),
      enteredTokens: z.int().nullable(),
    }),
    parts,
    cacheMiss: cacheMiss.nullable(),
  }),
);

export const cacheMisses = schemaOf<CacheMissReport>()(
  document({
    ...headShape,
    costNanoUsd: sum.describe('The cost of all misses, which is part of totals.costNanoUsd'),
    requests: z.int(),
    byReason: z.array(
      z.looseObject({
        reason: z.enum(MISS_REASONS),
        requests: z.int(),
        rewrittenTokens: sum,
        costNanoUsd: sum,
      }),
    ),
    misses: z.array(cacheMiss).describe('The most expensive misses'),
  }),
);

export const attributionDocuments = {
  shares: {
    title: 'A report of shares: --by cause, part, file, command, plugin, or --attributed',
    schema: shares,
  },
  'explain-session': { title: 'explain of a session', schema: explainedSession },
  'explain-request': { title: 'explain of a request', schema: explainedRequest },
  'cache-misses': { title: 'cache-misses', schema: cacheMisses },
};
