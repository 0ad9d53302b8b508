import type { UnpricedRecord } from '../core/record/cost-record.ts';
import { isBelievableTime } from '../core/extract/line-time.ts';
import { fingerprint } from '../core/lang/fingerprint.ts';
import type { HookEvent, PayloadUsage } from '../core/hook/event.ts';
import { payloadIdentity } from '../core/record/identity.ts';
import { NO_LINE_FACTS } from '../core/record/line-facts.ts';
import {
  type BilledUsage,
  type UsageMarks,
  isUnreadable,
  marksOrNull,
} from '../core/usage/usage.ts';

/** The record of a request whose usage is in the event itself. */
export function payloadRecord(
  event: HookEvent,
  usage: PayloadUsage,
  facts: { client: string; text: string; arrivedAtMs: number },
): UnpricedRecord {
  const sessionId = event.sessionId ?? 'unknown';
  // If two registrations send one event, both texts are identical.
  const eventKey = fingerprint(Buffer.from(facts.text));
  const statedMs = usage.occurredAtMs ?? facts.arrivedAtMs;
  const isBelievable = isBelievableTime(statedMs, facts.arrivedAtMs);
  const occurredAtMs = isBelievable ? statedMs : facts.arrivedAtMs;
  return {
    id: payloadIdentity(usage.responseId, sessionId, event.toolUseId, eventKey),
    messageId: usage.responseId,
    requestId: null,
    client: facts.client,
    source: 'payload',
    occurredAtMs,
    statedAtMs: isBelievable ? null : statedMs,
    describedAtMs: occurredAtMs,
    // Empty: the writer fills in the model of the session's latest request.
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

function toMarks(usage: BilledUsage): UsageMarks | null {
  const { providerHint, isEstimated, isSuspicious } = usage;
  const isMalformed = isUnreadable(usage, true);
  return marksOrNull({ providerHint, isEstimated, isSuspicious, isMalformed });
}
