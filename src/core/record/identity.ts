import type { SideRequest, Usage } from '../usage/usage.ts';

/** The separator of an id's parts; `PREFIX_END` is the character after it. */
const SEPARATOR = '|';
const PREFIX_END = '}';

interface RequestNames {
  messageId: string | null;
  requestId: string | null;
  uuid: string | null;
}

/** Begins the last part of the id of a request without a request id. */
const COUNTS_START = '@';
const COUNTS_END = 'A';
/** The counts of a line that was written before the counts of its request were known. */
const PLACEHOLDER = `${SEPARATOR}${COUNTS_START}0:0:0`;

/**
 * The identity of a request in a transcript line: message id and request id; without a request id, message
 * id and input-side counts, whatever the session, so that a fork's copy is the same request and a gateway's
 * constant id makes several; without either, the line's own uuid or, as a last resort, its content.
 */
export function requestIdentity(
  names: RequestNames,
  usage: Usage,
  sessionId: string,
  content: () => string,
): string {
  const { messageId, requestId, uuid } = names;
  if (messageId !== null) {
    return `${messageId}${SEPARATOR}${requestId ?? `${COUNTS_START}${inputSideCounts(usage)}`}`;
  }
  if (uuid !== null) return `uuid:${uuid}`;
  return `line:${sessionId}:${content()}`;
}

/** Input, cache-read and cache-write counts: the same in every line of a response. */
export function inputSideCounts(usage: Usage): string {
  const { inputTokens, cacheReadTokens, cacheWrite5mTokens, cacheWrite1hTokens } = usage;
  return `${inputTokens}:${cacheReadTokens}:${cacheWrite5mTokens + cacheWrite1hTokens}`;
}

/** Whether the line states no input-side counts and no request id: it joins what has its message id. */
export function isPlaceholder(id: string): boolean {
  return id.endsWith(PLACEHOLDER);
}

export function placeholderIdentity(messageId: string): string {
  return messageId + PLACEHOLDER;
}

/**
 * The id of the request that two consecutive lines of a thread belong to; null if they are of different
 * requests.
 */
export function sharedIdentity(before: string, id: string): string | null {
  if (before === id) return id;
  if (isPlaceholder(id) && before.startsWith(id.slice(0, -PLACEHOLDER.length) + SEPARATOR)) {
    return before;
  }
  const isSame =
    isPlaceholder(before) && id.startsWith(before.slice(0, -PLACEHOLDER.length) + SEPARATOR);
  return isSame ? id : null;
}

/** A request billed in addition to the message that carries it. */
export function sideIdentity(messageIdentity: string, side: SideRequest): string {
  return `${messageIdentity}#${side.kind}:${side.index}`;
}

/** The identity without what `sideIdentity` added. */
export function baseIdentity(identity: string): string {
  const end = identity.lastIndexOf('#');
  return end < 0 ? identity : identity.slice(0, end);
}

/** A request that is known only from a hook's payload. */
export function payloadIdentity(
  responseId: string | null,
  sessionId: string,
  toolUseId: string | null,
  eventKey: string,
): string {
  if (responseId !== null) return `${responseId}${SEPARATOR}payload`;
  return toolUseId !== null ? `tool:${sessionId}:${toolUseId}` : `event:${sessionId}:${eventKey}`;
}

/** The half-open range of texts that contains all identities of a message. */
export function messageRange(messageId: string): { from: string; before: string } {
  return { from: messageId + SEPARATOR, before: messageId + PREFIX_END };
}

/** The same, of those that have no request id. */
export function countsRange(messageId: string): { from: string; before: string } {
  const start = messageId + SEPARATOR;
  return { from: start + COUNTS_START, before: start + COUNTS_END };
}
