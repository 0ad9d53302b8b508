import type { UnpricedRecord } from '../record/cost-record.ts';
import { haveSameLineFacts } from '../record/line-facts.ts';
import type { RequestEntry } from '../transcript/entry.ts';
import type { RequestLine } from './line-time.ts';
import { isUnreadable } from '../usage/usage.ts';

/**
 * Whether a line adds nothing to its request that an earlier line has not stated, except for a tool call.
 * Usually the lines of one message differ only in their content block, and merging them is most of the
 * work.
 */
export function isRepeated(
  record: UnpricedRecord,
  entry: RequestEntry,
  line: Pick<RequestLine, 'owner' | 'agentId' | 'promptId' | 'atMs' | 'statedAtMs'>,
): boolean {
  const { claim, usage } = record;
  const stated = entry.parsed.usage;
  return (
    claim.sessionId === line.owner &&
    claim.agentId === line.agentId &&
    claim.promptId === (entry.promptId ?? line.promptId) &&
    haveSameLineFacts(claim, entry) &&
    record.modelRaw === entry.model &&
    (record.occurredAtMs < line.atMs ||
      (record.occurredAtMs === line.atMs && record.statedAtMs === line.statedAtMs)) &&
    record.describedAtMs <= line.atMs &&
    (record.isOutputFinal || !entry.isOutputFinal) &&
    (record.isRefused === true || entry.isRefused !== true) &&
    entry.ownerSessionId === null &&
    entry.parsed.sideRequests.length === 0 &&
    entry.parsed.iterations.length === 0 &&
    (record.marks?.isMalformed ?? false) === isUnreadable(entry.parsed, entry.isOutputFinal) &&
    usage.inputTokens === stated.inputTokens &&
    usage.outputTokens === stated.outputTokens &&
    usage.cacheReadTokens === stated.cacheReadTokens &&
    usage.cacheWrite5mTokens === stated.cacheWrite5mTokens &&
    usage.cacheWrite1hTokens === stated.cacheWrite1hTokens &&
    usage.webSearchRequests === stated.webSearchRequests &&
    record.modifiers.serviceTier === entry.parsed.modifiers.serviceTier &&
    record.modifiers.speed === entry.parsed.modifiers.speed &&
    record.modifiers.inferenceGeo === entry.parsed.modifiers.inferenceGeo &&
    // An agent thread may state more about the subagent than the line before.
    (line.agentId === null || claim.agentType !== null || entry.agentType === null) &&
    record.requestId === entry.requestId
  );
}
