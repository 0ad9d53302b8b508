import type { HookDecision, HookEvent, PayloadUsage } from '../../core/hook/event.ts';
import { type JsonObject, asObject, asText } from '../../core/lang/json.ts';
import { parseUsage } from '../../core/usage-shapes/parse.ts';
import { bareEvent, commonFields, pendingTool, readEvent } from '../shared/events.ts';
import type { ParsedEvent } from '../types.ts';

const PHASES = new Map<string, HookEvent['phase']>([
  ['PreToolUse', 'tool'],
  ['PostToolUse', 'tool'],
  ['PostModelRequest', 'tool'],
  ['Stop', 'turn-end'],
  ['SubagentStop', 'turn-end'],
  ['SessionStart', 'session-start'],
  ['SessionEnd', 'session-end'],
]);

/**
 * Codex can't be stopped between a tool and the next request: "continue": false on PostToolUse only changes
 * the tool's result. Refusing the tool before it runs is what ends a turn, so a budget is checked there.
 */
const QUESTIONS = new Map<string, HookDecision>([
  ['UserPromptSubmit', 'prompt'],
  ['PreToolUse', 'tool-batch'],
  ['Stop', 'turn-end'],
]);

const SHELL_TOOLS = /^(?:Bash|shell|exec_command)$/;

/** Parses an event of Codex CLI 0.171. Total: it never throws, whatever the text. */
export function parseCodexEvent(text: string): ParsedEvent {
  const read = readEvent(text);
  if (!read.ok) return read.malformed;
  const { object } = read;
  const name = asText(object['hook_event_name']) ?? 'unknown';
  const common = commonFields(object);
  const usage = findUsage(name, object);
  if (common.transcriptPath === null && usage === null) return { kind: 'other' };
  const event: HookEvent = { ...bareEvent(name), ...common, usage };
  event.phase = PHASES.get(name) ?? 'other';
  event.decision = QUESTIONS.get(name) ?? null;
  if (event.agentId === null) event.promptId = asText(object['turn_id']);
  // Inside a subagent `transcript_path` names the subagent's own file.
  else event.agentTranscriptPath ??= event.transcriptPath;
  if (name === 'PreToolUse') event.pendingTools = [pendingTool(object, SHELL_TOOLS)];
  // No result of the tool: the event doesn't say whether it failed, and the rollout does.
  return { kind: 'event', event };
}

/** Since 0.171 a request's event arrives before its line of the rollout, and names the response. */
function findUsage(name: string, object: JsonObject): PayloadUsage | null {
  const usage = asObject(object['token_usage']);
  const responseId = asText(object['response_id']);
  if (name !== 'PostModelRequest' || usage === null || responseId === null) return null;
  const model = asText(object['model']);
  const parsed = parseUsage({ usage }, { model });
  return parsed === null ? null : { model, responseId, parsed, occurredAtMs: null };
}
