import {
  type Iteration,
  type Usage,
  type UsageMarks,
  type UsageModifiers,
  isUnreadable,
  marksOrNull,
} from '../usage/usage.ts';
import { isCompaction } from './agent-type.ts';
import { mergeLineFacts, smallerText } from './line-facts.ts';
import type { LineFacts } from './record-columns.ts';

export const RECORD_SOURCES = ['hook', 'import', 'payload'] as const;
export type RecordSource = (typeof RECORD_SOURCES)[number];

export type TaskType = 'main' | 'subagent' | 'advisor' | 'compaction' | 'utility' | 'embedding';

/**
 * One billed request as described by the lines read so far: a cost record before it is priced. Two drafts
 * with the same `id` merge into one, in any order (`mergeDrafts`).
 */
export interface UnpricedRecord {
  /** The request's identity (see identity.ts). */
  id: string;
  messageId: string | null;
  /** The vendor's request id. */
  requestId: string | null;
  client: string;
  source: RecordSource;
  /** Time of the earliest line of the request, milliseconds UTC. */
  occurredAtMs: number;
  /**
   * What a line states as that time if it can't be true: `occurredAtMs` is then when the line arrived.
   * Null if the stated time is believable; absent from drafts that older versions spooled.
   */
  statedAtMs?: number | null;
  /** Time of the line that `modelRaw`, `modifiers`, `iterations` and `refusedAttempt` come from. */
  describedAtMs: number;
  modelRaw: string;
  modifiers: UsageModifiers;
  iterations: Iteration[];
  refusedAttempt: { model: string; usage: Usage } | null;
  usage: Usage;
  isOutputFinal: boolean;
  /** A line said that the request was refused; whether that is billed depends on its output. */
  isRefused?: true;
  /**
   * Set for a request billed in addition to the message that carries it; otherwise it follows from the
   * thread.
   */
  sideKind: 'advisor' | 'compaction' | null;
  /** The first tool that the request called; of lines of the same millisecond, the first by name. */
  toolName: string | null;
  /** Time of the line that `toolName` comes from; absent without a tool. */
  toolAtMs: number | null;
  /** The provider's own figure, if a payload contains one; it takes precedence over every price. */
  chargedNanoUsd: number | null;
  /** Null if nothing but the counts is known, as usually for lines of a transcript. */
  marks: UsageMarks | null;
  claim: SessionClaim;
}

/** One session's copy of a request: a fork holds copies of its parent's requests. */
export interface SessionClaim extends LineFacts {
  sessionId: string;
  /** A line named this session as the one that made the request. */
  isExplicit: boolean;
  /** Seen only in copies that a fork holds, which carry the fork's prompts. */
  isCopied: boolean;
  /** Seen in a main transcript (rather than only in subagents' files). */
  isInMainFile: boolean;
  /** Seen as the main thread's own, not as a subagent's. */
  isMainThread: boolean;
  agentId: string | null;
  agentType: string | null;
  promptId: string | null;
}

/** Maximum of each field, so that a late partial line can't lower a final one, whatever their order. */
export function mergeUsage(a: Usage, b: Usage): Usage {
  const writes = Math.max(
    a.cacheWrite5mTokens + a.cacheWrite1hTokens,
    b.cacheWrite5mTokens + b.cacheWrite1hTokens,
  );
  const cacheWrite1hTokens = Math.max(a.cacheWrite1hTokens, b.cacheWrite1hTokens);
  return {
    inputTokens: Math.max(a.inputTokens, b.inputTokens),
    outputTokens: Math.max(a.outputTokens, b.outputTokens),
    cacheReadTokens: Math.max(a.cacheReadTokens, b.cacheReadTokens),
    cacheWrite5mTokens: writes - cacheWrite1hTokens,
    cacheWrite1hTokens,
    webSearchRequests: Math.max(a.webSearchRequests, b.webSearchRequests),
  };
}

/**
 * Merges two drafts of one request seen in one session. Associative and commutative except for `source`,
 * which is taken from `a`.
 */
export function mergeDrafts(a: UnpricedRecord, b: UnpricedRecord): UnpricedRecord {
  const described = isBetterDescription(b, a) ? b : a;
  const caller = isEarlierCall(b, a) ? b : a;
  return {
    ...a,
    requestId: smallerText(a.requestId, b.requestId),
    ...mergeTimes(a, b),
    describedAtMs: described.describedAtMs,
    modelRaw: described.modelRaw,
    modifiers: described.modifiers,
    iterations: described.iterations,
    refusedAttempt: described.refusedAttempt,
    usage: isGuess(a) === isGuess(b) ? mergeUsage(a.usage, b.usage) : (isGuess(a) ? b : a).usage,
    isOutputFinal: a.isOutputFinal || b.isOutputFinal,
    ...(a.isRefused === true || b.isRefused === true ? { isRefused: true } : {}),
    toolName: caller.toolName,
    toolAtMs: caller.toolAtMs,
    chargedNanoUsd: maxOrNull(a.chargedNanoUsd, b.chargedNanoUsd),
    marks: mergeMarks(a, b),
    claim: mergeClaims(a.claim, b.claim),
  };
}

type RecordTime = Pick<UnpricedRecord, 'occurredAtMs' | 'statedAtMs'>;

/** The earliest time; of equal ones, a believable one. */
function mergeTimes(a: RecordTime, b: RecordTime): RecordTime {
  const [statedA, statedB] = [a.statedAtMs ?? null, b.statedAtMs ?? null];
  if (a.occurredAtMs !== b.occurredAtMs) {
    const { occurredAtMs, statedAtMs = null } = a.occurredAtMs < b.occurredAtMs ? a : b;
    return { occurredAtMs, statedAtMs };
  }
  const isBelievable = statedA === null || statedB === null;
  return {
    occurredAtMs: a.occurredAtMs,
    statedAtMs: isBelievable ? null : Math.min(statedA, statedB),
  };
}

type FirstTool = Pick<UnpricedRecord, 'toolName' | 'toolAtMs'>;

/** Whether `b` has an earlier tool call than `a`; within one millisecond the name decides. */
export function isEarlierCall(b: FirstTool, a: FirstTool): boolean {
  if (a.toolName === null || b.toolName === null) return a.toolName === null;
  // Written by a version that did not store the time, so it has lower priority.
  const [atA, atB] = [a.toolAtMs ?? Infinity, b.toolAtMs ?? Infinity];
  return atA === atB ? b.toolName < a.toolName : atB < atA;
}

/** Estimated tokens have lower priority than counted ones. */
function isGuess({ marks }: UnpricedRecord): boolean {
  return marks?.isEstimated === true;
}

function mergeMarks(a: UnpricedRecord, b: UnpricedRecord): UsageMarks | null {
  if (isGuess(a) !== isGuess(b)) return (isGuess(a) ? b : a).marks;
  if (a.marks === null && b.marks === null) return null;
  const isMalformed = isMergedMalformed(a, b);
  const isSuspicious = a.marks?.isSuspicious === true || b.marks?.isSuspicious === true;
  const hints = [a.marks?.providerHint ?? null, b.marks?.providerHint ?? null] as const;
  const providerHint = smallerText(...hints);
  const isEstimated = isGuess(a);
  const isCounter = a.marks?.isCounter === true || b.marks?.isCounter === true;
  return marksOrNull({ providerHint, isEstimated, isSuspicious, isMalformed, isCounter });
}

/**
 * A line with readable counts is enough, but one that was written before the response had ended does not
 * replace the counts of its end.
 */
function isMergedMalformed(a: UnpricedRecord, b: UnpricedRecord): boolean {
  const [ofA, ofB] = [a.marks?.isMalformed === true, b.marks?.isMalformed === true];
  if (a.isOutputFinal === b.isOutputFinal) return ofA && ofB;
  return a.isOutputFinal ? ofA : ofB;
}

/** Whether the cost is unknown because the counts are. The provider's own figure needs no counts. */
export function isUnmetered({
  chargedNanoUsd,
  marks,
  isOutputFinal,
  usage,
}: UnpricedRecord): boolean {
  if (chargedNanoUsd !== null) return false;
  return isUnreadable({ usage, isMalformed: marks?.isMalformed === true }, isOutputFinal);
}

/**
 * Counted first, then most output, then earliest; the last comparison only makes equal lines deterministic.
 */
function isBetterDescription(b: UnpricedRecord, a: UnpricedRecord): boolean {
  if (isGuess(a) !== isGuess(b)) return isGuess(a);
  if (b.usage.outputTokens !== a.usage.outputTokens) {
    return b.usage.outputTokens > a.usage.outputTokens;
  }
  if (b.describedAtMs !== a.describedAtMs) return b.describedAtMs < a.describedAtMs;
  return descriptionKey(b) < descriptionKey(a);
}

function descriptionKey(draft: UnpricedRecord): string {
  const { serviceTier, speed, inferenceGeo } = draft.modifiers;
  return `${draft.modelRaw}\n${serviceTier}\n${speed}\n${inferenceGeo}\n${draft.iterations.length}`;
}

/** Merges two claims of one session on a request; the stronger claim decides whose it was. */
export function mergeClaims(a: SessionClaim, b: SessionClaim): SessionClaim {
  const claims = strength(a) === strength(b) ? [a, b] : [strength(a) > strength(b) ? a : b];
  return {
    sessionId: a.sessionId,
    isExplicit: a.isExplicit || b.isExplicit,
    isCopied: a.isCopied && b.isCopied,
    isInMainFile: a.isInMainFile || b.isInMainFile,
    isMainThread: a.isMainThread || b.isMainThread,
    agentId: claims.map((claim) => claim.agentId).reduce(smallerText),
    agentType: claims.map((claim) => claim.agentType).reduce(smallerText),
    promptId: claims.map((claim) => claim.promptId).reduce(smallerText),
    ...mergeLineFacts(a, b),
  };
}

function strength({ isMainThread, isCopied }: SessionClaim): number {
  return (isMainThread ? 2 : 0) + (isCopied ? 0 : 1);
}

function maxOrNull(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b;
  return Math.max(a, b);
}

/** The kind of work, judged by who made the request. */
export function classifyTask(draft: UnpricedRecord): TaskType {
  if (draft.sideKind !== null) return draft.sideKind;
  const { isMainThread, agentId } = draft.claim;
  if (isMainThread) return 'main';
  return isCompaction(agentId) ? 'compaction' : 'subagent';
}

/** Sessions to compare for ownership; `bornAtMs` null: no main transcript of it was seen yet. */
export interface Claimant {
  sessionId: string;
  isExplicit: boolean;
  bornAtMs: number | null;
}

/** Whether `a` owns a request rather than `b`: named by the line, born first, then by id. */
export function hasPriorClaim(a: Claimant, b: Claimant): boolean {
  if (a.isExplicit !== b.isExplicit) return a.isExplicit;
  const bornA = a.bornAtMs ?? Number.POSITIVE_INFINITY;
  const bornB = b.bornAtMs ?? Number.POSITIVE_INFINITY;
  return bornA !== bornB ? bornA < bornB : a.sessionId < b.sessionId;
}
