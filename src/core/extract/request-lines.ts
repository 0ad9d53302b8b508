import {
  type UnpricedRecord,
  type RecordSource,
  isEarlierCall,
  mergeDrafts,
} from '../record/cost-record.ts';
import type { RequestEntry } from '../transcript/entry.ts';
import { sideIdentity } from '../record/identity.ts';
import { pickLineFacts } from '../record/line-facts.ts';
import type { ThreadContext } from '../transcript/thread.ts';
import {
  type ParsedUsage,
  type SideRequest,
  type UsageMarks,
  isUnreadable,
} from '../usage/usage.ts';
import type { Extraction } from './extraction.ts';
import type { RequestLine } from './line-time.ts';
import { isRepeated } from './repeated-line.ts';

type Records = Extraction['records'];

/** Merges one line of a request into the records of its batch. */
export function addRequestLine(
  records: Records,
  entry: RequestEntry,
  line: RequestLine,
  file: { context: ThreadContext; source: RecordSource },
): void {
  const existing = records.get(line.id);
  if (existing === undefined || !isRepeated(existing, entry, line)) {
    const draft = buildUnpricedRecord(entry, line, file.context, file.source);
    merge(records, draft);
    for (const side of entry.parsed.sideRequests) merge(records, sideDraft(draft, side));
    return;
  }
  const toolName = entry.toolCalls[0]?.name ?? null;
  if (isEarlierCall({ toolName, toolAtMs: line.atMs }, existing)) {
    existing.toolName = toolName;
    existing.toolAtMs = line.atMs;
  }
}

/** The tool calls of one line of a request. */
export function addToolUses(
  uses: Extraction['toolUses'],
  entry: RequestEntry,
  { id, atMs }: RequestLine,
): void {
  for (const call of entry.toolCalls) {
    const { toolUseId, name, mcpServer, skill, plugin, filePath, commandWord, subagentType } = call;
    uses.push({
      recordId: id,
      toolUseId,
      name,
      mcpServer,
      skill,
      plugin,
      filePath,
      commandWord,
      subagentType,
      calledAtMs: atMs,
    });
  }
}

const MALFORMED: UsageMarks = {
  providerHint: null,
  isEstimated: false,
  isSuspicious: false,
  isMalformed: true,
};

function entryMarks({ parsed, isOutputFinal, billing }: RequestEntry): UsageMarks | null {
  const marks = lineMarks(parsed, isOutputFinal);
  const providerHint = billing?.provider ?? null;
  const isCounter = billing?.isCounter === true;
  if (providerHint === null && !isCounter) return marks;
  const none = { isEstimated: false, isSuspicious: false };
  return { ...none, ...marks, providerHint, ...(isCounter && { isCounter }) };
}

function lineMarks(counts: SideRequest | ParsedUsage, isOutputFinal: boolean): UsageMarks | null {
  return isUnreadable(counts, isOutputFinal) ? MALFORMED : null;
}

function buildUnpricedRecord(
  entry: RequestEntry,
  { id, owner, agentId, isAgentThread, promptId, atMs, statedAtMs }: RequestLine,
  context: ThreadContext,
  source: RecordSource,
): UnpricedRecord {
  return {
    id,
    messageId: entry.messageId,
    requestId: entry.requestId,
    client: context.client,
    source,
    occurredAtMs: atMs,
    statedAtMs,
    describedAtMs: atMs,
    modelRaw: entry.model,
    modifiers: entry.parsed.modifiers,
    iterations: entry.parsed.iterations,
    refusedAttempt: entry.parsed.refusedAttempt,
    usage: entry.parsed.usage,
    isOutputFinal: entry.isOutputFinal,
    ...(entry.isRefused === true ? { isRefused: true } : {}),
    sideKind: null,
    toolName: entry.toolCalls[0]?.name ?? null,
    toolAtMs: atMs,
    chargedNanoUsd: entry.billing?.chargedNanoUsd ?? null,
    marks: entryMarks(entry),
    claim: {
      sessionId: owner,
      isExplicit: entry.ownerSessionId !== null,
      isCopied: entry.sessionId !== null && entry.sessionId !== owner,
      isInMainFile: context.kind === 'main',
      isMainThread: !isAgentThread,
      agentId,
      agentType: isAgentThread ? (entry.agentType ?? context.agentType) : null,
      promptId: entry.promptId ?? promptId,
      ...pickLineFacts(entry),
    },
  };
}

function sideDraft(message: UnpricedRecord, side: SideRequest): UnpricedRecord {
  const { isRefused: _, ...own } = message;
  return {
    ...own,
    id: sideIdentity(message.id, side),
    modelRaw: side.model ?? message.modelRaw,
    // Measured: an advisor's pass is billed at standard speed whatever the message's speed is.
    modifiers: side.kind === 'advisor' ? { ...message.modifiers, speed: null } : message.modifiers,
    iterations: [],
    refusedAttempt: null,
    usage: side.usage,
    sideKind: side.kind,
    marks: lineMarks(side, message.isOutputFinal),
    toolName: null,
    toolAtMs: null,
  };
}

function merge(records: Records, draft: UnpricedRecord): void {
  const existing = records.get(draft.id);
  // If one id occurs in two sessions of a batch (a fork that keeps old session ids), the first is stored in
  // the map under its id, the other under its id and session.
  const key =
    existing === undefined || existing.claim.sessionId === draft.claim.sessionId
      ? draft.id
      : `${draft.id}\n${draft.claim.sessionId}`;
  const same = records.get(key);
  records.set(key, same === undefined ? draft : mergeDrafts(same, draft));
}
