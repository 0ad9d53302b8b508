import type { HookEvent } from '../../core/hook/event.ts';
import { type JsonObject, asCount, asObject, asText } from '../../core/lang/json.ts';
import { asPath, hookEvent, readEvent } from '../shared/events.ts';
import type { ParsedEvent } from '../types.ts';

const PHASES = new Map<string, HookEvent['phase']>([
  ['session.created', 'session-start'],
  ['message.updated', 'tool'],
  ['tool.execute.after', 'tool'],
  ['session.idle', 'turn-end'],
  ['session.error', 'turn-end'],
  ['session.deleted', 'session-end'],
]);

/**
 * Parses an event as our plugin passes it on: OpenCode's own fields, under `properties` for its events and
 * under `input` and `output` for its hooks. A message that has not ended yet is of no interest.
 */
export function parseOpenCodeEvent(text: string): ParsedEvent {
  const parsed = readEvent(text);
  if (!parsed.ok) return parsed.malformed;
  const { object } = parsed;
  const name = asText(object['hook_event_name']);
  const properties = asObject(object['properties']);
  const info = asObject(properties?.['info']);
  const input = asObject(object['input']);
  const ownId =
    asText(object['session_id']) ??
    asText(properties?.['sessionID']) ??
    asText(info?.['sessionID']) ??
    asText(input?.['sessionID']);
  if (name === null || ownId === null) return { kind: 'other' };
  if (name === 'message.updated' && !isEndedAnswer(info)) return { kind: 'other' };
  const parentId = name.startsWith('session.') ? asText(info?.['parentID']) : null;
  const rootId = asText(object['root_session_id']) ?? parentId ?? ownId;
  const isAgent = rootId !== ownId;
  return {
    kind: 'event',
    event: hookEvent({
      name,
      phase: PHASES.get(name) ?? 'other',
      sessionId: rootId,
      promptId: name === 'message.updated' && !isAgent ? asText(info?.['parentID']) : null,
      agentId: isAgent ? ownId : null,
      agentType: isAgent ? asText(info?.['agent']) : null,
      cwd: asPath(object['cwd']),
      toolName: asText(input?.['tool']),
      toolUseId: asText(input?.['callID']),
      toolResult: name === 'tool.execute.after' ? readToolResult(object) : null,
    }),
  };
}

function isEndedAnswer(info: JsonObject | null): boolean {
  const completed = asCount(asObject(info?.['time'])?.['completed']);
  return info?.['role'] === 'assistant' && completed !== null;
}

/** A shell command that failed; a tool that throws ends without this event. */
function readToolResult(event: JsonObject): HookEvent['toolResult'] {
  const metadata = asObject(asObject(event['output'])?.['metadata']);
  const exit = metadata?.['exit'];
  return { isFailed: typeof exit === 'number' && exit !== 0, durationMs: null };
}
