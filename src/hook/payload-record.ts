import type { UnpricedRecord } from '../core/record/cost-record.ts';
import { fingerprint } from '../core/lang/fingerprint.ts';
import type { HookEvent, PayloadUsage } from '../core/hook/event.ts';
import { payloadIdentity } from '../core/record/identity.ts';
import { NO_LINE_FACTS } from '../core/record/line-facts.ts';
import type { BilledUsage, UsageMarks } from '../core/usage/usage.ts';

/** The record of a request that the event itself tells of. */
export function payloadRecord(
  event: HookEvent,
  usage: PayloadUsage,
  facts: { client: string; text: string; arrivedAtMs: number },
): UnpricedRecord {
  const sessionId = event.sessionId ?? 'unknown';
  // Told twice of one event (two registrations), the text is the same to the letter.
  const eventKey = fingerprint(Buffer.from(facts.text));
  const occurredAtMs = usage.occurredAtMs ?? facts.arrivedAtMs;
  return {
    id: payloadIdentity(usage.responseId, sessionId, event.toolUseId, eventKey),
    messageId: usage.responseId,
    requestId: null,
    client: facts.client,
    source: 'payload',
    occurredAtMs,
    describedAtMs: occurredAtMs,
    // Empty: the writer knows what the session's latest request was made to.
    modelRaw: usage.model ?? '',
    modifiers: usage.parsed.modifiers,
    iterations: usage.parsed.iterations,
    refusedAttempt: usage.parsed.refusedAttempt,
    usage: usage.parsed.usage,
    isOutputFinal: true,
    sideKind: null,
    toolName: event.toolName,
    toolAtMs: occurredAtMs,
    chargedNanoUsd: usage.parsed.chargedNanoUsd,
    marks: toMarks(usage.parsed),
    claim: {
      sessionId,
      isExplicit: false,
      isCopied: false,
      isInMainFile: event.agentId === null,
      isMainThread: event.agentId === null,
      agentId: event.agentId,
      agentType: event.agentType,
      promptId: event.promptId,
      ...NO_LINE_FACTS,
      cwd: event.cwd,
    },
  };
}

function toMarks({ providerHint, isEstimated, isSuspicious }: BilledUsage): UsageMarks | null {
  if (providerHint === null && !isEstimated && !isSuspicious) return null;
  return { providerHint, isEstimated, isSuspicious };
}
