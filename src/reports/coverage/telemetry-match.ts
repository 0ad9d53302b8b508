import type { CauseName } from '../../core/client/coverage-causes.ts';
import type { ClientRequest } from '../../core/client/request.ts';
import { canonicalModel } from '../../core/model/model-name.ts';
import { type Spend, addSpend, minusSpend } from '../../core/budget/spend.ts';
import type { TracedRecord } from '../../store/client/coverage.ts';
import type { LostRecord, Reread } from '../../store/verify/lost-records.ts';
import { type CoverageCause, addUpCauses, classifyAuxiliaryRequest } from './cause.ts';
import { priceCause } from './price-cause.ts';

/** A client exports its events every few seconds, so a transcript's line may be written after its event. */
const PENDING_MS = 60_000;

/** What a session's OpenTelemetry events explain, request by request. */
export interface TelemetryMatch {
  causes: CoverageCause[];
  /** Requests that a transcript showed once, or should show, but that are not in the ledger. */
  lost: LostRecord[];
  /** The explained part of each model's tokens. */
  models: Map<string, Spend>;
  /** The session's own records that have an event, and their cost. */
  matchedRequests: number;
  matchedNanoUsd: bigint;
}

export interface TelemetryFacts {
  sessionId: string;
  events: readonly ClientRequest[];
  traced: ReadonlyMap<string, TracedRecord>;
  /** Ids of requests that are known to be lost. */
  lostTraceIds: ReadonlySet<string>;
  /** Whether a transcript of the session was ever read. */
  isTranscribed: boolean;
  /** Null if no transcript was read again. */
  reread: Reread | null;
  nowMs: number;
}

export function matchTelemetry(facts: TelemetryFacts): TelemetryMatch {
  const match: TelemetryMatch = {
    causes: [],
    lost: [],
    models: new Map(),
    matchedRequests: 0,
    matchedNanoUsd: 0n,
  };
  for (const event of facts.events) {
    const record = facts.traced.get(event.requestId);
    if (record !== undefined) compare(event, record, facts, match);
    else if (!facts.lostTraceIds.has(event.requestId)) place(event, facts, match);
  }
  match.causes = addUpCauses(match.causes);
  return match;
}

/** A request that both the client and the ledger have. */
function compare(
  event: ClientRequest,
  record: TracedRecord,
  facts: TelemetryFacts,
  match: TelemetryMatch,
): void {
  const reported = toTelemetrySpend(event);
  if (record.sessionId !== facts.sessionId) {
    addCause(match, event, 'recorded-elsewhere', reported);
    return;
  }
  match.matchedRequests += 1;
  match.matchedNanoUsd += record.costNanoUsd;
  const { webSearchRequests } = record;
  const difference = minusSpend({ ...reported, webSearchRequests }, record);
  const tokens = [
    difference.inputTokens,
    difference.outputTokens,
    difference.cacheReadTokens,
    difference.cacheWriteTokens,
  ];
  if (tokens.every((count) => count === 0n) && difference.costNanoUsd === 0n) return;
  addCause(match, event, differingCause(tokens, difference.costNanoUsd, record), difference);
}

function differingCause(tokens: bigint[], costNanoUsd: bigint, record: TracedRecord): CauseName {
  if (tokens.some((count) => count !== 0n)) {
    return record.isOutputFinal === 0n ? 'incomplete-output' : 'token-difference';
  }
  return priceCause(costNanoUsd, 1n, {
    batchNanoUsd: record.isBatch === 1n ? record.tokensNanoUsd : 0n,
    regionalNanoUsd: record.isRegional === 1n ? record.tokensNanoUsd : 0n,
  });
}

/** A request that only the client reports. */
function place(event: ClientRequest, facts: TelemetryFacts, match: TelemetryMatch): void {
  const auxiliary = classifyAuxiliaryRequest(event);
  if (auxiliary !== null) return addCause(match, event, auxiliary, toTelemetrySpend(event));
  const isUnread = facts.reread?.traceIds.has(event.requestId) === true;
  if (isUnread || facts.nowMs - event.occurredAtMs < PENDING_MS) {
    return addCause(match, event, 'pending', toTelemetrySpend(event));
  }
  // A transcript that still exists was read again, and does not show it.
  const isThere = facts.reread?.sessions.has(facts.sessionId) === true;
  if (isThere || !facts.isTranscribed) {
    return addCause(match, event, 'no-transcript', toTelemetrySpend(event));
  }
  match.lost.push({
    id: event.requestId,
    traceId: event.requestId,
    sessionId: facts.sessionId,
    occurredAtMs: event.occurredAtMs,
    toldBy: 'telemetry',
    model: canonicalModel(event.model),
    ...toTelemetrySpend(event),
  });
}

function addCause(
  match: TelemetryMatch,
  event: ClientRequest,
  cause: CauseName,
  amount: Spend,
): void {
  const { requestId, querySource, model } = event;
  const { costNanoUsd } = amount;
  match.causes.push({ cause, count: 1, costNanoUsd, querySource, requestIds: [requestId] });
  addSpend(match.models, canonicalModel(model), amount);
}

/** The cost of an event includes searches, but does not state them separately. */
function toTelemetrySpend(event: ClientRequest): Spend {
  return {
    costNanoUsd: BigInt(event.costNanoUsd),
    inputTokens: BigInt(event.inputTokens),
    outputTokens: BigInt(event.outputTokens),
    cacheReadTokens: BigInt(event.cacheReadTokens),
    cacheWriteTokens: BigInt(event.cacheWriteTokens),
    webSearchRequests: 0n,
  };
}
