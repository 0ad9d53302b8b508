import type { UnpricedRecord } from '../record/cost-record.ts';
import { haveSameLineFacts } from '../record/line-facts.ts';
import type { RequestEntry } from '../transcript/entry.ts';

/**
 * Whether a line adds nothing to its request that an earlier line has not stated, except for a tool call.
 * Usually the lines of one message differ only in their content block, and merging them is most of the
 * work.
 */
export function isRepeated(
  known: UnpricedRecord,
  entry: RequestEntry,
  line: { owner: string; agentId: string | null; promptId: string | null; atMs: number },
): boolean {
  const { claim, usage } = known;
  const said = entry.parsed.usage;
  return (
    claim.sessionId === line.owner &&
    claim.agentId === line.agentId &&
    claim.promptId === (entry.promptId ?? line.promptId) &&
    haveSameLineFacts(claim, entry) &&
    known.modelRaw === entry.model &&
    known.occurredAtMs <= line.atMs &&
    known.describedAtMs <= line.atMs &&
    (known.isOutputFinal || !entry.isOutputFinal) &&
    entry.ownerSessionId === null &&
    entry.parsed.sideRequests.length === 0 &&
    entry.parsed.iterations.length === 0 &&
    usage.inputTokens === said.inputTokens &&
    usage.outputTokens === said.outputTokens &&
    usage.cacheReadTokens === said.cacheReadTokens &&
    usage.cacheWrite5mTokens === said.cacheWrite5mTokens &&
    usage.cacheWrite1hTokens === said.cacheWrite1hTokens &&
    usage.webSearchRequests === said.webSearchRequests &&
    known.modifiers.serviceTier === entry.parsed.modifiers.serviceTier &&
    known.modifiers.speed === entry.parsed.modifiers.speed &&
    known.modifiers.inferenceGeo === entry.parsed.modifiers.inferenceGeo &&
    // An agent thread may state more about the subagent than the line before.
    (line.agentId === null || claim.agentType !== null || entry.agentType === null) &&
    known.requestId === entry.requestId
  );
}
