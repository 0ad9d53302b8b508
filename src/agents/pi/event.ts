import type { HookEvent } from '../../core/hook/event.ts';
import { asObject, asText } from '../../core/lang/json.ts';
import { asPath, hookEvent, readEvent } from '../shared/events.ts';
import type { ParsedEvent } from '../types.ts';
import { sessionOfFile } from './place.ts';

const PHASES = new Map<string, HookEvent['phase']>([
  ['session_start', 'session-start'],
  ['tool_call', 'tool'],
  ['tool_result', 'tool'],
  ['turn_end', 'tool'],
  ['agent_end', 'turn-end'],
  ['session_shutdown', 'session-end'],
]);

/** Parses an event as our extension passes it on: Pi's own fields under `event`, and the session's file. */
export function parsePiEvent(text: string): ParsedEvent {
  const parsed = readEvent(text);
  if (!parsed.ok) return parsed.malformed;
  const { object } = parsed;
  const name = asText(object['name']);
  const file = asPath(object['file']);
  // A session that is not saved has no file, and nothing to read.
  if (name === null || file === null) return { kind: 'other' };
  const event = asObject(object['event']);
  const isResult = name === 'tool_result';
  return {
    kind: 'event',
    event: hookEvent({
      name,
      phase: PHASES.get(name) ?? 'other',
      sessionId: sessionOfFile(file),
      transcriptPath: file,
      cwd: asPath(object['cwd']),
      toolName: asText(event?.['toolName']),
      toolUseId: asText(event?.['toolCallId']),
      toolResult: isResult ? { isFailed: event?.['isError'] === true, durationMs: null } : null,
    }),
  };
}
