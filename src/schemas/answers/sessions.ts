import * as z from 'zod';
import { MISS_REASONS } from '../../core/attribution/cache-miss.ts';
import type { TimelineRequest } from '../../reports/explain/timeline.ts';
import { explainedSession, shares } from '../attribution.ts';
import { group, reportShape, time, totalsWith } from '../parts.ts';
import { schemaOf } from '../schema-of.ts';
import { answer, pageShape, period } from './parts.ts';

export const listedSession = totalsWith({
  sessionId: z.string(),
  parentSessionId: z.string().nullable().describe('For a fork: the session it was forked from'),
  project: z.string().nullable(),
  client: z
    .string()
    .nullable()
    .describe('The coding agent, as in records; null if no request of it is left'),
  firstAt: time,
  lastAt: time,
  models: z.array(z.string()).describe('Most expensive first'),
  agentTypes: z
    .array(z.string().nullable())
    .describe(
      'Cost by subagent, most expensive first; null: the main thread, "subagent (unknown type)": not stated',
    ),
}).meta({ id: 'session' });

export const sessionsAnswer = answer('sessions', {
  sessions: z.array(listedSession),
  ...pageShape,
  note: reportShape.note,
});

export const sessionAnswer = answer('sessionBreakdown', {
  sessionId: z.string(),
  session: listedSession.nullable().describe('Null: nothing is known about the session'),
  totals: reportShape.totals,
  byModel: z.array(group),
  byTool: z.array(group).describe('Grouped by the first tool that a request called; null: no tool'),
  byAgent: z.array(group),
  unmeteredRequests: reportShape.unmeteredRequests,
  unattributedCostNanoUsd: reportShape.unattributedCostNanoUsd,
  note: reportShape.note,
});

const {
  schemaVersion: _explained,
  generatedAt: _explainedAt,
  ...explainedShape
} = explainedSession.shape;
const { schemaVersion: _shared, generatedAt: _sharedAt, ...sharesShape } = shares.shape;

export const explanationAnswer = answer('sessionExplanation', explainedShape);

export const sharesAnswer = answer('shares', { period, ...sharesShape });

const tokens = z.int().nullable();

const timelineRequest = schemaOf<TimelineRequest>()(
  z.looseObject({
    requestId: z.string(),
    occurredAt: time,
    model: z.string(),
    agentId: z.string().nullable().describe('Null: the main thread'),
    promptId: z.string().nullable(),
    costNanoUsd: z.int().nullable(),
    outputTokens: z.int(),
    promptTokens: tokens.describe('Tokens of the context; null where no transcript shows it'),
    carriedTokens: tokens,
    rewrittenTokens: tokens.describe(
      'Tokens that were in the context before and were billed as new input again',
    ),
    enteredTokens: tokens,
    cacheMiss: z.enum(MISS_REASONS).nullable(),
  }),
);

export const timelineAnswer = answer('sessionTimeline', {
  sessionId: z.string(),
  total: z.int().describe('Number of all requests'),
  requests: z.array(timelineRequest),
});
