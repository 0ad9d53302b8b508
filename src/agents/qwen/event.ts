import type { HookDecision, HookEvent } from '../../core/hook/event.ts';
import { type JsonObject, asCount, asText } from '../../core/lang/json.ts';
import { bareEvent, commonFields, pendingTool, readEvent } from '../shared/events.ts';
import type { ParsedEvent } from '../types.ts';

const PHASES = new Map<string, HookEvent['phase']>([
  ['PreToolUse', 'tool'],
  ['PostToolUse', 'tool'],
  ['PostToolUseFailure', 'tool'],
  ['PostToolBatch', 'tool'],
  ['Stop', 'turn-end'],
  ['StopFailure', 'turn-end'],
  ['SubagentStop', 'turn-end'],
  ['SessionStart', 'session-start'],
  ['SessionEnd', 'session-end'],
]);

/** Parses an event of Qwen Code 0.24. Total: it never throws, whatever the text. */
export function parseQwenEvent(text: string): ParsedEvent {
  const read = readEvent(text);
  if (!read.ok) return read.malformed;
  const { object } = read;
  const name = asText(object['hook_event_name']) ?? 'unknown';
  const common = commonFields(object);
  if (common.transcriptPath === null) return { kind: 'other' };
  const event: HookEvent = { ...bareEvent(name), ...common };
  event.phase = PHASES.get(name) ?? 'other';
  event.decision = findDecision(name, event.prompt);
  // The session's chat has the subagent's requests as well.
  event.agentTranscriptPath = null;
  // `tool_use_id` is made up for the hook.
  event.toolUseId = asText(object['tool_call_id']) ?? event.toolUseId;
  if (name === 'PreToolUse') event.pendingTools = [pendingTool(object, /^run_shell_command$/)];
  event.toolResult = readToolResult(name, object);
  return { kind: 'event', event };
}

/**
 * UserPromptSubmit comes again with an empty prompt before each further request of a turn. Refusing it is
 * the only way to end a turn: "continue": false after a tool only changes the tool's result.
 */
function findDecision(name: string, prompt: string | null): HookDecision | null {
  if (name === 'PreToolUse') return 'tool';
  if (name === 'Stop') return 'turn-end';
  if (name !== 'UserPromptSubmit') return null;
  return prompt === null || prompt === '' ? 'tool-batch' : 'prompt';
}

function readToolResult(name: string, object: JsonObject): HookEvent['toolResult'] {
  if (name !== 'PostToolUse' && name !== 'PostToolUseFailure') return null;
  return { isFailed: name === 'PostToolUseFailure', durationMs: asCount(object['duration_ms']) };
}
