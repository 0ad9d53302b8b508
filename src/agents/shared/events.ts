import type { HookEvent } from '../../core/hook/event.ts';
import { type JsonObject, asObject, parseJson } from '../../core/lang/json.ts';
import type { ParsedEvent } from '../types.ts';

/** No file system has longer paths. */
const MAX_PATH_LENGTH = 4096;

/** The object that an event's text holds; otherwise why it holds none. */
export function parseEventObject(
  text: string,
): { ok: true; object: JsonObject } | { ok: false; failure: ParsedEvent } {
  const value = parseJson(text);
  if (value === undefined) return malformed('the event is not JSON');
  const object = asObject(value);
  return object === null ? malformed('the event is not a JSON object') : { ok: true, object };
}

function malformed(reason: string): { ok: false; failure: ParsedEvent } {
  return { ok: false, failure: { kind: 'malformed', reason } };
}

/** An event with the given facts; whatever is left out is unknown. */
export function hookEvent(
  facts: Pick<HookEvent, 'name' | 'phase'> & Partial<HookEvent>,
): HookEvent {
  return {
    decision: null,
    sessionId: null,
    transcriptPath: null,
    agentTranscriptPath: null,
    promptId: null,
    prompt: null,
    agentId: null,
    agentType: null,
    cwd: null,
    toolName: null,
    toolUseId: null,
    pendingTools: [],
    toolResult: null,
    usage: null,
    ...facts,
  };
}

/** A path is accepted unchanged or not at all. */
export function asPath(value: unknown): string | null {
  if (typeof value !== 'string' || value === '') return null;
  return value.length <= MAX_PATH_LENGTH && !value.includes('\0') ? value : null;
}

export function asPrompt(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
