import { type Spend, addSpend, minusSpend, noSpend, sumSpend } from '../../core/budget/spend.ts';
import type { TotalSource } from '../../core/client/total-sources.ts';
import { canonicalModel } from '../../core/model/model-name.ts';
import { FORK_TIMES, REPORTED_AT, SELECT_SHARED } from './reported-totals-sql.ts';
import { type CostState, type ForkTimes, forkBaseline, sharedBaseline } from './fork-baseline.ts';
import type { Ledger } from '../connection/open.ts';

/**
 * What a client reports as the cost of a session, minus the value that the session's counter started
 * with.
 */
export interface ReportedTotal {
  source: TotalSource;
  costNanoUsd: bigint;
  /** By canonical model; null if the client reported only the sum. */
  models: Map<string, Spend> | null;
  /** When it was reported, milliseconds UTC. */
  reportedAtMs: number;
}

interface StateRow extends Spend {
  sessionId: string;
  model: string;
  startedAtMs: bigint;
  elapsedMs: bigint;
  reportedAtMs: bigint;
}

interface StatusTotal {
  /** Without the baseline. */
  costNanoUsd: bigint;
  baselineNanoUsd: bigint;
  seenAtMs: bigint;
}

interface Fork extends ForkTimes {
  parent: string;
}

const IN_SESSIONS = 'session_id IN (SELECT value FROM json_each(?))';

/**
 * The totals that clients report for sessions. If there are several sources, the highest counts: none of
 * them includes anything that was not spent. A cost-state and a status continue counting over resume and
 * fork, so what the parent had cost is subtracted for a fork, and for a session that began inside a running
 * client what that client had counted; events of OpenTelemetry belong to their own session only.
 */
export function reportedTotals(
  db: Ledger,
  sessions: readonly string[],
): Map<string, ReportedTotal> {
  const forks = forksAmong(db, sessions);
  const all = JSON.stringify([
    ...new Set([...sessions, ...[...forks.values()].map(({ parent }) => parent)]),
  ]);
  const states = costStates(db, all);
  const shared = statesOfSharedCounters(db, sessions);
  const statuses = highestStatuses(db, all);
  const events = eventTotals(db, JSON.stringify(sessions));
  const totals = new Map<string, ReportedTotal>();
  for (const sessionId of sessions) {
    const fork = forks.get(sessionId) ?? null;
    const own = states.get(sessionId) ?? [];
    const before = fork === null ? [] : (states.get(fork.parent) ?? []);
    const reported = [
      fork === null
        ? fromCostState(own, (first) => sharedBaseline(shared.get(sessionId) ?? [], first), true)
        : fromCostState(own, (first) => forkBaseline(before, first, fork), false),
      fromStatusLine(statuses, sessionId, fork, before),
      events.get(sessionId) ?? null,
    ];
    const total = reported.reduce((best, one) => {
      return one !== null && (best === null || one.costNanoUsd > best.costNanoUsd) ? one : best;
    }, null);
    if (total !== null) totals.set(sessionId, total);
  }
  return totals;
}

function fromCostState(
  states: CostState[],
  findBase: (first: CostState) => CostState | null,
  isShared: boolean,
): ReportedTotal | null {
  const last = states.at(-1);
  if (last === undefined) return null;
  const at = states.findIndex(({ startedAtMs }) => startedAtMs === last.startedAtMs);
  const base = findBase(states[at] ?? last);
  // A session that continued with another client's counter keeps what its own showed before.
  const before = isShared && base !== null ? states[at - 1] : undefined;
  const models = new Map<string, Spend>();
  for (const state of before === undefined ? [last] : [last, before]) {
    for (const [model, spend] of state.models) addSpend(models, model, spend);
  }
  for (const [model, spend] of models) {
    models.set(model, minusSpend(spend, base?.models.get(model) ?? noSpend()));
  }
  return {
    source: 'cost-state',
    costNanoUsd: last.costNanoUsd + (before?.costNanoUsd ?? 0n) - (base?.costNanoUsd ?? 0n),
    models,
    reportedAtMs: last.reportedAtMs,
  };
}

/** For each session, the cost-states of others whose counter started at the same time, forks excluded. */
function statesOfSharedCounters(db: Ledger, sessions: readonly string[]): Map<string, CostState[]> {
  const pairs = db.prepare(SELECT_SHARED).all(JSON.stringify(sessions)) as {
    id: string;
    other: string;
  }[];
  const states = costStates(db, JSON.stringify([...new Set(pairs.map(({ other }) => other))]));
  const bySession = new Map<string, CostState[]>();
  for (const { id, other } of pairs) {
    bySession.set(id, [...(bySession.get(id) ?? []), ...(states.get(other) ?? [])]);
  }
  for (const shared of bySession.values()) shared.sort(compareReports);
  return bySession;
}

/**
 * A status does not identify its counter, so the parent's highest value is subtracted; that may be too
 * much, never too little.
 */
function fromStatusLine(
  statuses: Map<string, StatusTotal>,
  sessionId: string,
  fork: Fork | null,
  before: CostState[],
): ReportedTotal | null {
  const status = statuses.get(sessionId);
  if (status === undefined) return null;
  const latestMs = fork?.bornAtMs ?? fork?.firstAtMs ?? Number.POSITIVE_INFINITY;
  const closing =
    before.findLast(({ reportedAtMs }) => reportedAtMs <= latestMs)?.costNanoUsd ?? 0n;
  const parent = fork === null ? undefined : statuses.get(fork.parent);
  const running = parent === undefined ? 0n : parent.costNanoUsd + parent.baselineNanoUsd;
  const base = running > closing ? running : closing;
  // A counter continued from the parent's is above it; earlier clients start again from zero.
  const isOwn = status.costNanoUsd < base || status.baselineNanoUsd !== 0n;
  return {
    source: 'statusline',
    costNanoUsd: isOwn ? status.costNanoUsd : status.costNanoUsd - base,
    models: null,
    reportedAtMs: Number(status.seenAtMs),
  };
}

function forksAmong(db: Ledger, sessions: readonly string[]): Map<string, Fork> {
  const rows = db
    .prepare(`SELECT sessionId, parent, ${FORK_TIMES}`)
    .all(JSON.stringify(sessions)) as (Fork & { sessionId: string })[];
  return new Map(rows.map((row) => [row.sessionId, row]));
}

/** The cost-states of each session, in the order in which they were reported. */
function costStates(db: Ledger, sessions: string): Map<string, CostState[]> {
  const rows = db
    .prepare(
      `SELECT session_id AS sessionId, model, started_at_ms AS startedAtMs, elapsed_ms AS elapsedMs,
         ${REPORTED_AT} AS reportedAtMs, cost_nano_usd AS costNanoUsd, input_tokens AS inputTokens,
         output_tokens AS outputTokens, cache_read_tokens AS cacheReadTokens,
         cache_write_tokens AS cacheWriteTokens, web_search_requests AS webSearchRequests
       FROM client_totals WHERE ${IN_SESSIONS}`,
    )
    .safeIntegers()
    .all(sessions) as StateRow[];
  const byTime = new Map<string, CostState>();
  const bySession = new Map<string, CostState[]>();
  for (const { sessionId, model, startedAtMs, elapsedMs, reportedAtMs, ...spend } of rows) {
    const key = `${sessionId} ${startedAtMs} ${elapsedMs}`;
    let state = byTime.get(key);
    if (state === undefined) {
      state = {
        startedAtMs: Number(startedAtMs),
        elapsedMs: Number(elapsedMs),
        reportedAtMs: Number(reportedAtMs),
        models: new Map(),
        costNanoUsd: 0n,
      };
      byTime.set(key, state);
      bySession.set(sessionId, [...(bySession.get(sessionId) ?? []), state]);
    }
    state.costNanoUsd += spend.costNanoUsd;
    addSpend(state.models, canonicalModel(model), spend);
  }
  for (const states of bySession.values()) states.sort(compareReports);
  return bySession;
}

/** If two have the same time (the end of a session reported twice), the higher one is the later. */
function compareReports(a: CostState, b: CostState): number {
  return (
    a.reportedAtMs - b.reportedAtMs ||
    Number(a.costNanoUsd - b.costNanoUsd) ||
    a.elapsedMs - b.elapsedMs
  );
}

function highestStatuses(db: Ledger, sessions: string): Map<string, StatusTotal> {
  const rows = db
    .prepare(
      `SELECT session_id AS sessionId, highest_cost_nano_usd AS costNanoUsd,
         baseline_nano_usd AS baselineNanoUsd, seen_at_ms AS seenAtMs
       FROM client_status WHERE highest_cost_nano_usd IS NOT NULL AND ${IN_SESSIONS}`,
    )
    .safeIntegers()
    .all(sessions) as (StatusTotal & { sessionId: string })[];
  return new Map(rows.map((row) => [row.sessionId, row]));
}

function eventTotals(db: Ledger, sessions: string): Map<string, ReportedTotal> {
  const rows = db
    .prepare(
      `SELECT session_id AS sessionId, model, max(occurred_at_ms) AS reportedAtMs,
         sum(cost_nano_usd) AS costNanoUsd, sum(input_tokens) AS inputTokens,
         sum(output_tokens) AS outputTokens, sum(cache_read_tokens) AS cacheReadTokens,
         sum(cache_write_tokens) AS cacheWriteTokens, 0 AS webSearchRequests
       FROM client_requests WHERE ${IN_SESSIONS} GROUP BY session_id, model`,
    )
    .safeIntegers()
    .all(sessions) as StateRow[];
  const bySession = new Map<string, { models: Map<string, Spend>; reportedAtMs: number }>();
  for (const { sessionId, model, reportedAtMs, startedAtMs: _, elapsedMs: __, ...spend } of rows) {
    const total = bySession.get(sessionId) ?? { models: new Map<string, Spend>(), reportedAtMs: 0 };
    addSpend(total.models, canonicalModel(model), spend);
    total.reportedAtMs = Math.max(total.reportedAtMs, Number(reportedAtMs));
    bySession.set(sessionId, total);
  }
  return new Map(
    [...bySession].map(([sessionId, { models, reportedAtMs }]) => {
      const { costNanoUsd } = sumSpend(models.values());
      return [sessionId, { source: 'telemetry', costNanoUsd, models, reportedAtMs }];
    }),
  );
}
