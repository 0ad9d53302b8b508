import type { SideRequest } from '../usage/usage.ts';

/** The separator of an id's parts; `PREFIX_END` is the character after it. */
const SEPARATOR = '|';
const PREFIX_END = '}';

interface RequestNames {
  messageId: string | null;
  requestId: string | null;
  uuid: string | null;
}

/**
 * The identity of a request in a transcript line: message id and request id; without a request id, message
 * id and session; without either, the line's own uuid or, as a last resort, its content.
 */
export function requestIdentity(
  names: RequestNames,
  sessionId: string,
  content: () => string,
): string {
  const { messageId, requestId, uuid } = names;
  if (messageId !== null) return `${messageId}${SEPARATOR}${requestId ?? `@${sessionId}`}`;
  if (uuid !== null) return `uuid:${uuid}`;
  return `line:${sessionId}:${content()}`;
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
