import * as z from 'zod';
import type { ClientCoverage } from '../reports/coverage/clients.ts';
import type {
  CauseJson,
  Coverage,
  CoverageDocument,
  LostJson,
  ModelJson,
  SpendJson,
} from '../reports/coverage/document.ts';
import type { ReconciledAmounts, Reconciliation } from '../reports/reconcile/reconcile.ts';
import { LOSS_WITNESSES, TOTAL_SOURCES } from '../core/client/total-sources.ts';
import { VENDORS, VENDOR_REPORT_KINDS } from '../core/vendor-report.ts';
import { COVERAGE_CAUSES } from '../core/client/coverage-causes.ts';
import { document, reportShape, sum, time, usd } from './parts.ts';
import { schemaOf } from './schema-of.ts';

const cause = schemaOf<CauseJson>()(
  z
    .looseObject({
      cause: z.enum(COVERAGE_CAUSES),
      count: z.int(),
      costNanoUsd: sum.nullable().describe('Signed; null: the cause is known, its amount is not'),
      querySource: z.string().nullable().describe('What the client says the request was for'),
      requestIds: z.array(z.string()).describe("The vendor's request ids, where known"),
    })
    .meta({ id: 'cause' }),
);

const coverageShape = {
  sessions: z.int(),
  silentSessions: z.int().describe('Sessions without a client total'),
  silentCostNanoUsd: sum.describe('The recorded cost of these sessions'),
  clientCostNanoUsd: sum.describe('The client totals of the other sessions'),
  clientCostUsd: usd,
  costNanoUsd: sum.describe('The recorded cost of those sessions'),
  costUsd: usd,
  requests: z.int(),
  unattributedCostNanoUsd: sum.describe(
    'Client totals minus recorded cost: signed, never part of totals; explained, lost or unexplained',
  ),
  unattributedCostUsd: usd,
  explainedCostNanoUsd: sum,
  lostRequests: z.int(),
  lostCostNanoUsd: sum,
  unexplainedCostNanoUsd: sum,
  unmeteredRequests: z
    .int()
    .describe("Requests whose token counts can't be read, so that their cost is unknown"),
  unbilledRequests: z
    .int()
    .describe(
      'Refused without output since 2026-06-02: the client counts them, the vendor does not bill them',
    ),
  unbilledCostNanoUsd: sum.describe('Their recorded cost, part of the sums above'),
  deviationPercent: z
    .number()
    .nullable()
    .describe('Sum of the absolute differences of all sessions, in percent of their client totals'),
  causes: z.array(cause),
};

const spendShape = {
  costNanoUsd: sum,
  inputTokens: sum,
  outputTokens: sum,
  cacheReadTokens: sum,
  cacheWriteTokens: sum,
  webSearchRequests: sum,
};
const spend = schemaOf<SpendJson>()(z.looseObject(spendShape).meta({ id: 'spend' }));

const model = schemaOf<ModelJson>()(
  z
    .looseObject({
      model: z.string(),
      requests: z.int(),
      client: spend.nullable().describe('Null: the clients reported only sums'),
      ledger: spend,
      difference: spend.nullable(),
      unexplained: spend.nullable(),
    })
    .meta({ id: 'coveredModel' }),
);

const client = schemaOf<ClientCoverage>()(
  z
    .looseObject({
      client: z.string().describe('The coding agent, as in records'),
      sessions: z.int(),
      silentSessions: z.int().describe('Sessions without a total of the client'),
      silentCostNanoUsd: sum.describe('The recorded cost of these sessions'),
      requests: z.int(),
      costNanoUsd: sum.describe('The recorded cost of all its sessions'),
      limits: z
        .array(z.string())
        .describe("What the client's own log can never show, one sentence each"),
    })
    .meta({ id: 'coveredClient' }),
);

const lost = schemaOf<LostJson>()(
  z
    .looseObject({
      id: z.string(),
      traceId: z.string().nullable().describe("The vendor's request id"),
      sessionId: z.string(),
      model: z.string(),
      occurredAt: time,
      toldBy: z.enum(LOSS_WITNESSES),
      ...spendShape,
    })
    .meta({ id: 'lost' }),
);

const ofSession = {
  source: z.enum(TOTAL_SOURCES).nullable(),
  clientVersions: z.array(z.string()),
};

const totals = schemaOf<Coverage>()(z.looseObject(coverageShape));

/** The answer of the REST API, in pages. */
export const coverageParts = {
  totals,
  client,
  lost,
  model,
  shape: { ...ofSession, ...coverageShape },
};

export const coverage = schemaOf<CoverageDocument>()(
  document({
    generatedAt: reportShape.generatedAt,
    timezone: reportShape.timezone,
    filters: reportShape.filters,
    areTranscriptsRead: z.boolean().describe('Whether transcripts were read to find lost requests'),
    totals,
    clients: z.array(client).describe('The highest cost first'),
    models: z.array(model),
    groups: z.array(
      z.looseObject({
        key: z.record(z.string(), z.string().nullable()),
        project: z
          .string()
          .nullable()
          .optional()
          .describe('Present for a session, like the next four'),
        client: z.string().nullable().optional(),
        lastAt: time.optional(),
        source: ofSession.source.optional(),
        clientVersions: ofSession.clientVersions.optional(),
        ...coverageShape,
        models: z.array(model),
      }),
    ),
    lost: z.array(lost),
    note: reportShape.note,
  }),
);

const side = schemaOf<ReconciledAmounts>()(
  z
    .looseObject({
      costNanoUsd: sum.nullable(),
      inputTokens: sum.nullable(),
      outputTokens: sum.nullable(),
      cacheReadTokens: sum.nullable(),
      cacheWriteTokens: sum.nullable(),
    })
    .meta({ id: 'side', description: 'Null: the report does not contain it' }),
);

const sides = { vendor: side, ledger: side, difference: side };

export const reconcile = schemaOf<Reconciliation>()(
  document({
    generatedAt: reportShape.generatedAt,
    timezone: z.literal('UTC').describe("The time zone of the vendor's days"),
    filters: reportShape.filters,
    file: z.string(),
    vendor: z.enum(VENDORS),
    kind: z.enum(VENDOR_REPORT_KINDS),
    days: z.looseObject({ first: z.string(), last: z.string() }).nullable(),
    totals: z.looseObject(sides),
    deviationPercent: z.number().nullable(),
    rows: z.array(
      z.looseObject({
        day: z.string(),
        model: z.string().nullable().describe('Null: all models'),
        ...sides,
        agrees: z.boolean(),
      }),
    ),
  }),
);

export const coverageDocuments = {
  coverage: { title: 'coverage', schema: coverage },
  reconcile: { title: 'coverage --reconcile', schema: reconcile },
};
