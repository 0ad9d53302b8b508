import type { CauseName } from '../../core/client/coverage-causes.ts';
import type { ClientRequest } from '../../core/client/request.ts';
import { type Spend, addSpend, noSpend, sumSpend } from '../../core/budget/spend.ts';
import type { TotalSource } from '../../core/client/total-sources.ts';
import type { ReportedTotal } from '../../store/client/reported-totals.ts';
import type { AuxiliaryCounts } from '../../store/client/auxiliary-counts.ts';
import type {
  SessionCoverageRow,
  LedgerPart,
  TracedRecord,
  UnbilledRefusals,
} from '../../store/client/coverage.ts';
import type { LostRecord, Reread } from '../../store/verify/lost-records.ts';
import { type CoverageCause, addUpCauses } from './cause.ts';
import { type ModelCoverage, explainModel, pickSpend } from './model-coverage.ts';
import { type TelemetryMatch, matchTelemetry } from './telemetry-match.ts';

/** How much of a session's client total is in the ledger, and what explains the rest. */
export interface SessionCoverage {
  session: SessionCoverageRow;
  /** Null if the client reported nothing: then there is no difference either. */
  source: TotalSource | null;
  clientVersions: string[];
  clientNanoUsd: bigint | null;
  /** Signed: client total minus recorded cost. */
  differenceNanoUsd: bigint | null;
  models: ModelCoverage[];
  causes: CoverageCause[];
  lost: LostRecord[];
  /** Number of requests whose token counts are unknown. */
  unmeteredRequests: number;
  unexplainedNanoUsd: bigint | null;
  /** Part of both sides, because the client counts them too. */
  unbilled: UnbilledRefusals;
}

export interface SessionSpend {
  session: SessionCoverageRow;
  total: ReportedTotal | null;
  parts: LedgerPart[];
  /** Records after the client's last report. */
  since: LedgerPart[];
  events: ClientRequest[];
  traced: ReadonlyMap<string, TracedRecord>;
  evidence: AuxiliaryCounts;
  /** Number of requests whose token counts are unknown. */
  unmeteredRequests: number;
  clientVersions: string[];
  /** The losses shown by transcripts and the ledger itself. */
  lost: LostRecord[];
  unbilled: UnbilledRefusals;
  isTranscribed: boolean;
  reread: Reread | null;
  nowMs: number;
}

export function coverSession(facts: SessionSpend): SessionCoverage {
  const { session, total, parts, clientVersions, unmeteredRequests, lost: recordedLosses } = facts;
  const { sessionId } = session;
  const lostTraceIds = new Set(recordedLosses.flatMap(({ traceId }) => traceId ?? []));
  const telemetry = matchTelemetry({ ...facts, sessionId, lostTraceIds });
  const lost = [...recordedLosses, ...telemetry.lost];
  const common = {
    session,
    clientVersions,
    lost,
    unmeteredRequests,
    unbilled: facts.unbilled,
  };
  if (total === null) {
    const models = parts.map((part) => modelWithout(part));
    const none = { source: null, clientNanoUsd: null, differenceNanoUsd: null };
    return { ...common, ...none, models, causes: [], unexplainedNanoUsd: null };
  }
  const differenceNanoUsd = total.costNanoUsd - session.costNanoUsd;
  const { models, causes } = explain(facts, total, telemetry, lost);
  const exact = addUpCauses([...telemetry.causes, ...causes]);
  const explained = exact.reduce((sum, { costNanoUsd }) => sum + (costNanoUsd ?? 0n), 0n);
  const missing = lost.filter((record) => isInTotal(record, total, facts.events));
  const unexplainedNanoUsd = differenceNanoUsd - explained - sumSpend(missing).costNanoUsd;
  const named = unexplainedNanoUsd === 0n ? [] : possible(facts, total, exact, unexplainedNanoUsd);
  return {
    ...common,
    source: total.source,
    clientNanoUsd: total.costNanoUsd,
    differenceNanoUsd,
    models,
    causes: [...exact, ...named],
    unexplainedNanoUsd,
  };
}

/** Whether the client's total includes a lost request: events report only their own request. */
function isInTotal(
  { traceId }: LostRecord,
  total: ReportedTotal,
  events: ClientRequest[],
): boolean {
  return total.source !== 'telemetry' || events.some(({ requestId }) => requestId === traceId);
}

function modelWithout(part: LedgerPart): ModelCoverage {
  const { model, requests } = part;
  const ledger = pickSpend(part);
  return { model, client: null, ledger, requests: Number(requests), unexplained: null };
}

/** What is explained beyond single requests. */
function explain(
  facts: SessionSpend,
  total: ReportedTotal,
  telemetry: TelemetryMatch,
  lost: LostRecord[],
): { models: ModelCoverage[]; causes: CoverageCause[] } {
  const { parts, since } = facts;
  if (total.models === null) {
    return {
      models: parts.map((part) => modelWithout(part)),
      causes: notReportedSum(facts, total),
    };
  }
  const explained = new Map<string, Spend>(telemetry.models);
  for (const record of lost) addSpend(explained, record.model, pickSpend(record));
  const names = new Set([...total.models.keys(), ...parts.map(({ model }) => model)]);
  const results = [...names].sort().map((model) => {
    return explainModel({
      model,
      client: total.models?.get(model) ?? noSpend(),
      part: parts.find((part) => part.model === model) ?? null,
      // Each event is one request, so requests without an event can be identified.
      since:
        total.source === 'telemetry' ? null : (since.find((part) => part.model === model) ?? null),
      explained: explained.get(model) ?? noSpend(),
    });
  });
  const models = results.map(({ coverage }) => coverage);
  if (total.source === 'telemetry')
    return { models: allExplained(models), causes: notReportedRecords(facts, telemetry) };
  return { models, causes: results.flatMap(({ causes }) => causes) };
}

/** Records without an event: telemetry was off, or nobody received it. */
function notReportedRecords({ session }: SessionSpend, telemetry: TelemetryMatch): CoverageCause[] {
  const count = session.requests - telemetry.matchedRequests;
  const costNanoUsd = telemetry.matchedNanoUsd - session.costNanoUsd;
  if (count <= 0 && costNanoUsd === 0n) return [];
  return [{ cause: 'not-reported', count, costNanoUsd, querySource: null, requestIds: [] }];
}

function allExplained(models: ModelCoverage[]): ModelCoverage[] {
  return models.map((model) => ({ ...model, unexplained: noSpend() }));
}

/** For a client that reported only a sum, and then continued. */
function notReportedSum({ session, since }: SessionSpend, total: ReportedTotal): CoverageCause[] {
  const { costNanoUsd } = sumSpend(since);
  const difference = total.costNanoUsd - session.costNanoUsd;
  if (difference >= 0n || difference + costNanoUsd < 0n || costNanoUsd === 0n) return [];
  const count = since.reduce((sum, { requests }) => sum + Number(requests), 0);
  const of = { querySource: null, requestIds: [] };
  return [{ cause: 'not-reported', count, costNanoUsd: -costNanoUsd, ...of }];
}

/** What the unexplained part may contain: counted, but without an amount. */
function possible(
  { evidence, parts, unmeteredRequests }: SessionSpend,
  total: ReportedTotal,
  exact: CoverageCause[],
  unexplainedNanoUsd: bigint,
): CoverageCause[] {
  const count = (name: 'incomplete' | 'batch' | 'regional' | 'estimated'): number =>
    parts.reduce((sum, part) => sum + Number(part[name]), 0);
  const isLess = unexplainedNanoUsd < 0n;
  const beyond: [CauseName, number][] = isLess
    ? [['client-counter-reset', total.source === 'telemetry' ? 0 : 1]]
    : [
        ...(Object.entries(evidence) as [CauseName, number][]),
        ['incomplete-output', count('incomplete')],
        ['unmetered', unmeteredRequests],
        ['batch', count('batch')],
      ];
  const either: [CauseName, number][] = [
    ['region', count('regional')],
    ['price-difference', count('estimated')],
  ];
  return [...beyond, ...either].flatMap(([cause, possibleCount]) => {
    const explainedCount = exact.reduce(
      (sum, one) => sum + (one.cause === cause ? one.count : 0),
      0,
    );
    if (possibleCount <= explainedCount) return [];
    const of = { costNanoUsd: null, querySource: null, requestIds: [] };
    return [{ cause, count: possibleCount - explainedCount, ...of }];
  });
}
