import type { SessionClaim, UnpricedRecord, RecordSource } from '../../core/record/cost-record.ts';
import { knownAgentType, storedAgentType } from '../../core/record/agent-type.ts';
import { lineFactColumns, lineFactsOfRow } from '../../core/record/line-facts.ts';
import type { RecordRow, WrittenColumn } from '../../core/record/record-columns.ts';
import type { PricedRecord } from '../../pricing/price-record.ts';
import {
  type Iteration,
  type Usage,
  type UsageMarks,
  marksOrNull,
} from '../../core/usage/usage.ts';

/** Columns that depend only on an unpriced record and its price; the others are looked up in the ledger. */
export type DraftColumns = Omit<Pick<RecordRow, WrittenColumn>, 'project_id' | 'hook_event_id'>;

/** The parts of the cost; null in rows from before these were stored. */
export const PART_COLUMNS = [
  'input_cost_nano_usd',
  'output_cost_nano_usd',
  'cache_read_cost_nano_usd',
  'cache_write_cost_nano_usd',
  'web_search_cost_nano_usd',
] as const;

const EXPLICIT = 1;
const IN_MAIN_FILE = 2;
const MAIN_THREAD = 4;
const COPIED = 8;

interface Metadata {
  iterations?: Iteration[];
  refusedAttempt?: { model: string; usage: Usage };
  sideKind?: 'advisor' | 'compaction';
  chargedNanoUsd?: number;
  providerHint?: string;
  isEstimated?: true;
  isSuspicious?: true;
  statedAtMs?: number;
  isMalformed?: true;
  isCounter?: true;
  isRefused?: true;
}

export function toColumns(draft: UnpricedRecord, priced: PricedRecord): DraftColumns {
  const { claim, usage, modifiers } = draft;
  return {
    id: draft.id,
    message_id: draft.messageId,
    occurred_at_ms: draft.occurredAtMs,
    described_at_ms: draft.describedAtMs,
    session_id: claim.sessionId,
    prompt_id: claim.promptId,
    agent_id: claim.agentId,
    agent_type: storedAgentType(claim),
    claim_flags: packClaimFlags(claim),
    client: draft.client,
    model: priced.model,
    model_raw: draft.modelRaw,
    provider: priced.provider,
    model_class: priced.modelClass,
    task_type: priced.taskType,
    input_tokens: usage.inputTokens,
    output_tokens: usage.outputTokens,
    cache_read_tokens: usage.cacheReadTokens,
    cache_write_5m_tokens: usage.cacheWrite5mTokens,
    cache_write_1h_tokens: usage.cacheWrite1hTokens,
    web_search_requests: usage.webSearchRequests,
    service_tier: modifiers.serviceTier,
    speed: modifiers.speed,
    inference_geo: modifiers.inferenceGeo,
    cost_nano_usd: priced.costNanoUsd,
    input_cost_nano_usd: priced.parts?.inputCostNanoUsd ?? null,
    output_cost_nano_usd: priced.parts?.outputCostNanoUsd ?? null,
    cache_read_cost_nano_usd: priced.parts?.cacheReadCostNanoUsd ?? null,
    cache_write_cost_nano_usd: priced.parts?.cacheWriteCostNanoUsd ?? null,
    web_search_cost_nano_usd: priced.parts?.webSearchCostNanoUsd ?? null,
    price_id: priced.priceId,
    price_basis: priced.priceBasis,
    price_dated: priced.priceDated,
    is_output_final: draft.isOutputFinal ? 1 : 0,
    tool_name: draft.toolName,
    trace_id: draft.requestId,
    ...lineFactColumns(claim),
    source: draft.source,
    metadata: metadataText(draft),
  };
}

/** The draft that a row was written from, so that further lines can be merged into it. */
export function toUnpricedRecord(row: RecordRow): UnpricedRecord {
  const metadata: Metadata = row.metadata === null ? {} : (JSON.parse(row.metadata) as Metadata);
  return {
    id: row.id,
    messageId: row.message_id,
    requestId: row.trace_id,
    client: row.client,
    source: row.source as RecordSource,
    occurredAtMs: row.occurred_at_ms,
    statedAtMs: metadata.statedAtMs ?? null,
    describedAtMs: row.described_at_ms,
    modelRaw: row.model_raw,
    modifiers: {
      serviceTier: row.service_tier,
      speed: row.speed,
      inferenceGeo: row.inference_geo,
    },
    iterations: metadata.iterations ?? [],
    refusedAttempt: metadata.refusedAttempt ?? null,
    usage: {
      inputTokens: row.input_tokens,
      outputTokens: row.output_tokens,
      cacheReadTokens: row.cache_read_tokens,
      cacheWrite5mTokens: row.cache_write_5m_tokens,
      cacheWrite1hTokens: row.cache_write_1h_tokens,
      webSearchRequests: row.web_search_requests,
    },
    isOutputFinal: row.is_output_final === 1,
    ...(metadata.isRefused === true ? { isRefused: true } : {}),
    sideKind: metadata.sideKind ?? null,
    toolName: row.tool_name,
    // Stored with its tool calls; queried only when needed (`RecordRows.toUnpriced`).
    toolAtMs: null,
    chargedNanoUsd: metadata.chargedNanoUsd ?? null,
    marks: toUsageMarks(metadata),
    claim: {
      sessionId: row.session_id,
      ...unpackClaimFlags(row.claim_flags),
      agentId: row.agent_id,
      agentType: knownAgentType(row.agent_type),
      promptId: row.prompt_id,
      ...lineFactsOfRow(row),
    },
  };
}

function metadataText(draft: UnpricedRecord): string | null {
  const metadata: Metadata = {};
  if (draft.iterations.length > 0) metadata.iterations = draft.iterations;
  if (draft.refusedAttempt !== null) metadata.refusedAttempt = draft.refusedAttempt;
  if (draft.sideKind !== null) metadata.sideKind = draft.sideKind;
  if (draft.chargedNanoUsd !== null) metadata.chargedNanoUsd = draft.chargedNanoUsd;
  // A draft spooled by an older version has no marks.
  const { providerHint, isEstimated, isSuspicious, isMalformed, isCounter } =
    draft.marks ?? NO_MARKS;
  if (providerHint !== null) metadata.providerHint = providerHint;
  if (isEstimated) metadata.isEstimated = true;
  if (isSuspicious) metadata.isSuspicious = true;
  if (draft.statedAtMs != null) metadata.statedAtMs = draft.statedAtMs;
  if (isMalformed === true) metadata.isMalformed = true;
  if (isCounter === true) metadata.isCounter = true;
  if (draft.isRefused === true) metadata.isRefused = true;
  return Object.keys(metadata).length > 0 ? JSON.stringify(metadata) : null;
}

const NO_MARKS: UsageMarks = { providerHint: null, isEstimated: false, isSuspicious: false };

function toUsageMarks(metadata: Metadata): UsageMarks | null {
  const { providerHint = null, isEstimated = false, isSuspicious = false } = metadata;
  const { isMalformed = false, isCounter = false } = metadata;
  return marksOrNull({ providerHint, isEstimated, isSuspicious, isMalformed, isCounter });
}

function packClaimFlags(claim: SessionClaim): number {
  return (
    (claim.isExplicit ? EXPLICIT : 0) |
    (claim.isInMainFile ? IN_MAIN_FILE : 0) |
    (claim.isMainThread ? MAIN_THREAD : 0) |
    (claim.isCopied ? COPIED : 0)
  );
}

function unpackClaimFlags(
  flags: number,
): Pick<SessionClaim, 'isExplicit' | 'isCopied' | 'isInMainFile' | 'isMainThread'> {
  return {
    isExplicit: (flags & EXPLICIT) !== 0,
    isCopied: (flags & COPIED) !== 0,
    isInMainFile: (flags & IN_MAIN_FILE) !== 0,
    isMainThread: (flags & MAIN_THREAD) !== 0,
  };
}
