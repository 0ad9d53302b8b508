import * as z from 'zod';
import type { AmountsJson } from '../reports/compare/amounts.ts';
import type { CompareCause } from '../reports/compare/causes.ts';
import type { Comparison } from '../reports/compare/comparison.ts';
import type { ProjectReport } from '../reports/project.ts';
import type { Overview, Report } from '../reports/report.ts';
import type { RequestsReport } from '../reports/requests.ts';
import type { SessionReport, SessionSummary } from '../reports/session.ts';
import {
  document,
  group,
  groupKey,
  openText,
  reportShape,
  sum,
  time,
  totals,
  totalsWith,
  usd,
} from './parts.ts';
import { record } from './record.ts';
import { schemaOf } from './schema-of.ts';

export const report = schemaOf<Report>()(document(reportShape));

export const overview = schemaOf<Overview>()(
  document({
    ...reportShape,
    today: totals,
    project: totalsWith({ name: z.string() }),
    lastSession: totalsWith({
      sessionId: z.string(),
      project: z.string().nullable(),
      lastAt: time,
    }).nullable(),
  }),
);

const sessionEnd = schemaOf<SessionSummary>()(
  z.looseObject({
    startedAt: time,
    endedAt: time,
    activeMs: z.int(),
    burnRateNanoUsdPerHour: sum.nullable(),
    cacheHitRatio: z.number().min(0).max(1).nullable(),
    cacheSavedNanoUsd: sum.nullable(),
    clients: z.array(z.string()).describe('The coding agents, as in records'),
    byModel: z.array(group),
    byAgent: z.array(group),
    byTool: z.array(group),
    byPrompt: z.array(
      totalsWith({ key: groupKey, number: z.int().nullable(), startedAt: time.nullable() }),
    ),
    topRequests: z.array(record),
    topToolCalls: z.array(
      z.looseObject({
        name: z.string(),
        calledAt: time,
        durationMs: z.int().nullable(),
        isFailed: z.boolean().nullable(),
        model: z.string(),
        requestCostNanoUsd: sum.nullable().describe('The cost of the whole request'),
      }),
    ),
  }),
);

export const session = schemaOf<SessionReport>()(
  document({
    ...reportShape,
    session: sessionEnd.nullable().describe('Null where the end of the session is not known'),
  }),
);

export const project = schemaOf<ProjectReport>()(
  document({
    ...reportShape,
    project: z.looseObject({ name: z.string(), root: z.string() }),
    byModel: z.array(group),
  }),
);

export const requests = schemaOf<RequestsReport>()(
  document({ ...reportShape, records: z.array(record) }),
);

export const exported = document({
  generatedAt: reportShape.generatedAt,
  timezone: reportShape.timezone,
  filters: reportShape.filters,
  records: z.array(record),
});

const amounts = schemaOf<AmountsJson>()(
  z
    .looseObject({
      inputTokens: sum,
      outputTokens: sum,
      cacheReadTokens: sum,
      cacheWriteTokens: sum,
      costNanoUsd: sum,
      costUsd: usd,
    })
    .meta({ id: 'amounts' }),
);

export const compare = schemaOf<Comparison>()(
  document({
    generatedAt: reportShape.generatedAt,
    timezone: reportShape.timezone,
    filters: reportShape.filters,
    tool: z.looseObject({ name: openText<'ccusage'>(), version: z.string(), command: z.string() }),
    totals: z.looseObject({ theirs: amounts, ours: amounts, difference: amounts }),
    agreeing: z.int().describe('Number of days and models that agree'),
    rows: z.array(
      z.looseObject({
        day: z.string(),
        model: z.string(),
        theirs: amounts,
        ours: amounts,
        difference: amounts,
        causes: z.array(
          z.looseObject({
            cause: openText<CompareCause>(),
            what: z.string(),
            requests: z.int(),
            amounts,
            lines: z.array(z.string()).describe('`file:line` of each request'),
          }),
        ),
        unexplained: amounts.nullable(),
      }),
    ),
  }),
);

export const reportDocuments = {
  report: { title: 'A report: summary, daily, weekly, monthly, sessions', schema: report },
  overview: { title: 'tallyhook or summary without a grouping', schema: overview },
  session: { title: 'One session: summary --session', schema: session },
  project: { title: 'project', schema: project },
  requests: { title: 'requests', schema: requests },
  export: { title: 'export --format json', schema: exported },
  compare: { title: 'compare', schema: compare },
};
