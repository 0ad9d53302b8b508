import type { CauseName } from '../../core/client/coverage-causes.ts';
import { type Spend, addSpend, minusSpend, noSpend } from '../../core/budget/spend.ts';
import type { LostRecord } from '../../store/verify/lost-records.ts';
import type { LossSource, TotalSource } from '../../core/client/total-sources.ts';
import { type Sum, toSum } from '../report.ts';
import { type CoverageCause, addUpCauses } from './cause.ts';
import type { ClientCoverage } from './clients.ts';
import type { SessionCoverage } from './session-coverage.ts';

/** Sums over sessions. They are never part of the totals of another report. */
export interface Coverage {
  sessions: number;
  /** Sessions without a client total, and their recorded cost. */
  silentSessions: number;
  silentCostNanoUsd: Sum;
  /** The other sessions: their client totals and their recorded cost. */
  clientCostNanoUsd: Sum;
  clientCostUsd: number;
  costNanoUsd: Sum;
  costUsd: number;
  requests: number;
  /** Client totals minus recorded cost, signed: explained, lost (as far as reported) or unexplained. */
  unattributedCostNanoUsd: Sum;
  unattributedCostUsd: number;
  explainedCostNanoUsd: Sum;
  lostRequests: number;
  lostCostNanoUsd: Sum;
  unexplainedCostNanoUsd: Sum;
  /** Requests of all sessions whose token counts can't be read, so that their cost is unknown. */
  unmeteredRequests: number;
  /** Refused requests without output: part of the recorded cost, but not billed by the vendor. */
  unbilledRequests: number;
  unbilledCostNanoUsd: Sum;
  /**
   * The sum of the absolute differences of all sessions, in percent of their client totals; null without
   * these.
   */
  deviationPercent: number | null;
  causes: CauseJson[];
}

export interface CauseJson {
  cause: CauseName;
  count: number;
  /** Null if the cause is known but its amount is not. */
  costNanoUsd: Sum | null;
  querySource: string | null;
  requestIds: string[];
}

export interface SpendJson {
  costNanoUsd: Sum;
  inputTokens: Sum;
  outputTokens: Sum;
  cacheReadTokens: Sum;
  cacheWriteTokens: Sum;
  webSearchRequests: Sum;
}

export interface ModelJson {
  model: string;
  requests: number;
  /** Null if the clients reported only sums. */
  client: SpendJson | null;
  ledger: SpendJson;
  difference: SpendJson | null;
  unexplained: SpendJson | null;
}

export interface LostJson extends SpendJson {
  id: string;
  traceId: string | null;
  sessionId: string;
  model: string;
  occurredAt: string;
  toldBy: LossSource;
}

export interface CoverageGroup extends Coverage {
  key: Record<string, string | null>;
  /** Present for a session. */
  project?: string | null;
  client?: string | null;
  lastAt?: string;
  source?: TotalSource | null;
  clientVersions?: string[];
  models: ModelJson[];
}

export interface CoverageDocument {
  schemaVersion: 1;
  generatedAt: string;
  timezone: string;
  filters: Record<string, string>;
  /** Whether the transcripts that still exist were read again, to find what the ledger has lost. */
  areTranscriptsRead: boolean;
  totals: Coverage;
  clients: ClientCoverage[];
  models: ModelJson[];
  groups: CoverageGroup[];
  lost: LostJson[];
  /** Only without sessions: why. */
  note?: string;
}

export function sumCoverage(sessions: readonly SessionCoverage[]): Coverage {
  const reported = sessions.filter(({ clientNanoUsd }) => clientNanoUsd !== null);
  const silent = sessions.filter(({ clientNanoUsd }) => clientNanoUsd === null);
  const add = (of: readonly SessionCoverage[], amount: (one: SessionCoverage) => bigint): bigint =>
    of.reduce((sum, one) => sum + amount(one), 0n);
  const client = add(reported, ({ clientNanoUsd }) => clientNanoUsd ?? 0n);
  const ledger = add(reported, ({ session }) => session.costNanoUsd);
  const deviation = add(reported, ({ differenceNanoUsd }) => magnitude(differenceNanoUsd ?? 0n));
  const unexplained = add(reported, (one) => one.unexplainedNanoUsd ?? 0n);
  const lost = sessions.flatMap((one) => one.lost);
  const causes = addUpCauses(reported.flatMap((one) => one.causes));
  return {
    sessions: sessions.length,
    silentSessions: silent.length,
    silentCostNanoUsd: toSum(add(silent, ({ session }) => session.costNanoUsd)),
    clientCostNanoUsd: toSum(client),
    clientCostUsd: Number(client) / 1e9,
    costNanoUsd: toSum(ledger),
    costUsd: Number(ledger) / 1e9,
    requests: reported.reduce((sum, { session }) => sum + session.requests, 0),
    unattributedCostNanoUsd: toSum(client - ledger),
    unattributedCostUsd: Number(client - ledger) / 1e9,
    explainedCostNanoUsd: toSum(
      causes.reduce((sum, { costNanoUsd }) => sum + (costNanoUsd ?? 0n), 0n),
    ),
    lostRequests: lost.length,
    lostCostNanoUsd: toSum(sumLostCost(lost)),
    unexplainedCostNanoUsd: toSum(unexplained),
    unmeteredRequests: sessions.reduce((sum, one) => sum + one.unmeteredRequests, 0),
    unbilledRequests: Number(add(sessions, ({ unbilled }) => unbilled.requests)),
    unbilledCostNanoUsd: toSum(add(sessions, ({ unbilled }) => unbilled.costNanoUsd)),
    deviationPercent: client > 0n ? (Number(deviation) / Number(client)) * 100 : null,
    causes: causes.map((cause) => causeJson(cause)),
  };
}

function magnitude(value: bigint): bigint {
  return value < 0n ? -value : value;
}

function sumLostCost(records: readonly LostRecord[]): bigint {
  return records.reduce((sum, { costNanoUsd }) => sum + costNanoUsd, 0n);
}

function causeJson({ costNanoUsd, ...cause }: CoverageCause): CauseJson {
  const { cause: name, count, querySource, requestIds } = cause;
  const amount = costNanoUsd === null ? null : toSum(costNanoUsd);
  return { cause: name, count, costNanoUsd: amount, querySource, requestIds };
}

/**
 * The models of sessions. Sessions without client totals are separate, so that what is compared has both
 * sides.
 */
export function sumModels(sessions: readonly SessionCoverage[]): ModelJson[] {
  const sums = new Map<string, { client: Spend | null; ledger: Spend; requests: number }>();
  const unexplained = new Map<string, Spend>();
  for (const one of sessions.flatMap(({ models }) => models)) {
    const key = `${one.client === null} ${one.model}`;
    const existing = sums.get(key) ?? { client: null, ledger: noSpend(), requests: 0 };
    const both = new Map([['ledger', existing.ledger]]);
    addSpend(both, 'ledger', one.ledger);
    if (existing.client !== null) both.set('client', existing.client);
    if (one.client !== null) addSpend(both, 'client', one.client);
    sums.set(key, {
      client: both.get('client') ?? null,
      ledger: both.get('ledger') ?? noSpend(),
      requests: existing.requests + one.requests,
    });
    if (one.unexplained !== null) addSpend(unexplained, key, one.unexplained);
  }
  return [...sums]
    .map(([key, { client, ledger, requests }]) => {
      const rest = unexplained.get(key);
      return {
        model: key.slice(key.indexOf(' ') + 1),
        requests,
        client: client === null ? null : spendJson(client),
        ledger: spendJson(ledger),
        difference: client === null ? null : spendJson(minusSpend(client, ledger)),
        unexplained: rest === undefined ? null : spendJson(rest),
      };
    })
    .sort((a, b) => Number(b.ledger.costNanoUsd) - Number(a.ledger.costNanoUsd));
}

export function lostJson(record: LostRecord): LostJson {
  const { id, traceId, sessionId, model, occurredAtMs, toldBy } = record;
  const occurredAt = new Date(occurredAtMs).toISOString();
  return { id, traceId, sessionId, model, occurredAt, toldBy, ...spendJson(record) };
}

function spendJson(spend: Spend): SpendJson {
  return {
    costNanoUsd: toSum(spend.costNanoUsd),
    inputTokens: toSum(spend.inputTokens),
    outputTokens: toSum(spend.outputTokens),
    cacheReadTokens: toSum(spend.cacheReadTokens),
    cacheWriteTokens: toSum(spend.cacheWriteTokens),
    webSearchRequests: toSum(spend.webSearchRequests),
  };
}
