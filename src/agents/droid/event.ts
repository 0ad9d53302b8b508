import type { HookDecision, HookEvent, PendingTool } from '../../core/hook/event.ts';
import { type JsonObject, asObject, asText } from '../../core/lang/json.ts';
import { asPath, asPrompt, hookEvent, readEvent } from '../shared/events.ts';
import type { ParsedEvent } from '../types.ts';

const PHASES = new Map<string, HookEvent['phase']>([
  ['PreToolUse', 'tool'],
  ['PostToolUse', 'tool'],
  ['Stop', 'turn-end'],
  ['SubagentStop', 'turn-end'],
  ['SessionStart', 'session-start'],
  ['SessionEnd', 'session-end'],
]);

/**
 * There is no event after all tools of a response, so each tool's end is the moment to stop: droid 0.215
 * then sends no further request. `droid exec` asks about no prompt.
 */
const DECISIONS = new Map<string, HookDecision>([
  ['UserPromptSubmit', 'prompt'],
  ['PreToolUse', 'tool'],
  ['PostToolUse', 'tool-batch'],
  ['Stop', 'turn-end'],
]);

/** Parses an event of Factory droid, which has Claude Code's names without an id of the tool call. */
export function parseDroidEvent(text: string): ParsedEvent {
  const parsed = readEvent(text);
  if (!parsed.ok) return parsed.malformed;
  const { object } = parsed;
  const name = asText(object['hook_event_name']);
  const sessionId = asText(object['session_id']);
  const transcriptPath = asPath(object['transcript_path']);
  if (name === null || (sessionId === null && transcriptPath === null)) return { kind: 'other' };
  return {
    kind: 'event',
    event: hookEvent({
      name,
      phase: PHASES.get(name) ?? 'other',
      decision: DECISIONS.get(name) ?? null,
      sessionId,
      transcriptPath,
      prompt: asPrompt(object['prompt']),
      cwd: asPath(object['cwd']),
      toolName: asText(object['tool_name']),
      pendingTools: name === 'PreToolUse' ? [readTool(object)] : [],
      toolResult: name === 'PostToolUse' ? { isFailed: false, durationMs: null } : null,
    }),
  };
}

function readTool(event: JsonObject): PendingTool {
  const name = asText(event['tool_name']);
  const command = asObject(event['tool_input'])?.['command'];
  const isShell = name === 'Execute' && typeof command === 'string';
  return { name, toolUseId: null, shellCommand: isShell ? command : null };
}
