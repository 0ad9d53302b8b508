import { groupBy } from '../../core/lang/group-by.ts';
import { type ZoneOffset, timeLabel } from '../../core/time/period.ts';
import { sumSpend } from '../../core/budget/spend.ts';
import { mergeAuxiliaryCounts, noAuxiliaryCounts } from '../../store/client/auxiliary-counts.ts';
import type { LostRecord, Reread } from '../../store/verify/lost-records.ts';
import type {
  CoverageReader,
  LedgerPart,
  SessionCoverageRow,
} from '../../store/client/coverage.ts';
import type { RecordFilter } from '../../store/records/filter.ts';
import {
  type CoverageDocument,
  type CoverageGroup,
  sumCoverage,
  lostJson,
  sumModels,
} from './document.ts';
import { sumClients } from './clients.ts';
import { type SessionCoverage, coverSession } from './session-coverage.ts';

export const COVERAGE_DIMENSIONS = ['session', 'day', 'project', 'client'] as const;
export type CoverageDimension = (typeof COVERAGE_DIMENSIONS)[number];

export interface CoverageRequest {
  filter: RecordFilter;
  /** The filters as the user gave them, repeated in the report. */
  filters: Record<string, string>;
  by: CoverageDimension | null;
  timezone: string;
  offset: ZoneOffset;
  nowMs: number;
  /** What a client's log can never show, one sentence each. */
  limitsOf: (client: string) => readonly string[];
}

/** The evidence of records that the ledger has lost. */
export interface LossEvidence {
  /** Records that were deleted from the ledger. */
  removed: LostRecord[];
  /** The requests shown by transcripts that still exist; null if these were not read again. */
  reread: Reread | null;
}

/**
 * How much of the spend reported by clients is in the ledger. A session counts as a whole, on the day and
 * in the project of its last request.
 */
export async function coverageReport(
  reader: CoverageReader,
  witness: LossEvidence,
  request: CoverageRequest,
): Promise<CoverageDocument> {
  const covered = await coverSessions(reader, witness, request);
  const { by, offset, timezone, nowMs, filters } = request;
  const groups = groupBy(by === null ? [] : covered, (one) => formatGroupKey(one, by, offset));
  return {
    schemaVersion: 1,
    generatedAt: new Date(nowMs).toISOString(),
    timezone,
    filters,
    areTranscriptsRead: witness.reread !== null,
    totals: sumCoverage(covered),
    clients: sumClients(covered, request.limitsOf),
    models: sumModels(covered),
    groups: [...groups].map(([key, sessions]) =>
      buildCoverageGroup(by ?? 'session', key, sessions),
    ),
    lost: covered.flatMap(({ lost }) => lost).map((record) => lostJson(record)),
  };
}

function buildCoverageGroup(
  by: CoverageDimension,
  key: string | null,
  sessions: SessionCoverage[],
): CoverageGroup {
  const [first] = sessions;
  const facts =
    by !== 'session' || first === undefined
      ? {}
      : {
          project: first.session.project,
          client: first.session.client,
          lastAt: new Date(first.session.lastAtMs).toISOString(),
          source: first.source,
          clientVersions: first.clientVersions,
        };
  return { key: { [by]: key }, ...facts, ...sumCoverage(sessions), models: sumModels(sessions) };
}

function formatGroupKey(
  { session }: SessionCoverage,
  by: CoverageDimension | null,
  offset: ZoneOffset,
): string | null {
  if (by === 'day') return timeLabel('day', session.lastAtMs, offset);
  if (by === 'client') return session.client;
  return by === 'project' ? session.project : session.sessionId;
}

async function coverSessions(
  reader: CoverageReader,
  { removed, reread }: LossEvidence,
  { filter, nowMs }: CoverageRequest,
): Promise<SessionCoverage[]> {
  const sessions = await reader.sessions(filter);
  const lost = bySession([...(reread?.lost ?? []), ...removed]);
  const isOfAll = Object.values(filter).every((value) => value === null);
  const { sessionId: asked } = filter;
  const isIn = (sessionId: string): boolean => isOfAll || sessionId === asked;
  sessions.push(...unknownSessions(sessions, lost).filter(({ sessionId }) => isIn(sessionId)));
  const ids = sessions.map(({ sessionId }) => sessionId);
  const clientTotals = await reader.reportedTotals(ids);
  // Sums by model take long, and are useless without client totals to compare them with.
  const reported = ids.filter((id) => clientTotals.has(id) || filter.sessionId !== null);
  const parts = groupBy(await reader.ledgerParts(reported), ({ sessionId }) => sessionId);
  const telling = await reader.sessionsWithEvents();
  const evidence = await reader.auxiliaryCounts(reported);
  const unmetered = await reader.unmeteredRequests();
  const versions = await reader.clientVersions(reported);
  const unbilled = await reader.unbilled(ids);
  const transcribed = await reader.transcribed(reported);
  const covered: SessionCoverage[] = [];
  for (const ledgerSession of sessions) {
    const { sessionId } = ledgerSession;
    const total = clientTotals.get(sessionId) ?? null;
    const own = parts.get(sessionId) ?? [];
    // One session at a time, because a year has a million events.
    const events = telling.has(sessionId) ? await reader.clientRequests(sessionId) : [];
    const session = total === null ? ledgerSession : { ...ledgerSession, ...sumParts(own) };
    const isLess = total !== null && total.costNanoUsd < session.costNanoUsd;
    const hasMore = total !== null && (isLess || session.lastAtMs > total.reportedAtMs);
    covered.push(
      coverSession({
        session,
        total,
        parts: own,
        since: hasMore ? await reader.partsSince(sessionId, total.reportedAtMs) : [],
        events,
        traced: events.length > 0 ? await reader.traced(sessionId) : new Map<string, never>(),
        evidence: mergeAuxiliaryCounts(
          evidence.get(sessionId) ?? noAuxiliaryCounts(),
          reread?.evidence.get(sessionId) ?? noAuxiliaryCounts(),
        ),
        unmeteredRequests: unmetered.get(sessionId) ?? 0,
        clientVersions: versions.get(sessionId) ?? [],
        lost: lost.get(sessionId) ?? [],
        unbilled: unbilled.get(sessionId) ?? { requests: 0n, costNanoUsd: 0n },
        isTranscribed: transcribed.has(sessionId),
        reread,
        nowMs,
      }),
    );
  }
  return covered;
}

/**
 * Computed from the rows themselves: a session's stored sums hide rows that were deleted by other programs.
 */
function sumParts(parts: readonly LedgerPart[]): { requests: number; costNanoUsd: bigint } {
  return {
    requests: parts.reduce((sum, { requests }) => sum + Number(requests), 0),
    costNanoUsd: sumSpend(parts).costNanoUsd,
  };
}

/** Each loss once, by the strongest evidence: a transcript before the ledger's own mark. */
function bySession(records: LostRecord[]): Map<string, LostRecord[]> {
  const byId = new Map(records.toReversed().map((record) => [record.id, record]));
  const inOrder = [...byId.values()].sort((a, b) => a.occurredAtMs - b.occurredAtMs);
  return groupBy(inOrder, ({ sessionId }) => sessionId);
}

/** Sessions that are known only from a loss. */
function unknownSessions(
  sessions: readonly { sessionId: string }[],
  lost: ReadonlyMap<string, LostRecord[]>,
): SessionCoverageRow[] {
  const ids = new Set(sessions.map(({ sessionId }) => sessionId));
  return [...lost].flatMap(([sessionId, records]) => {
    if (ids.has(sessionId)) return [];
    const lastAtMs = Math.max(...records.map(({ occurredAtMs }) => occurredAtMs));
    return [{ sessionId, project: null, client: null, lastAtMs, requests: 0, costNanoUsd: 0n }];
  });
}
