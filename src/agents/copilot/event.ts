import type { HookEvent } from '../../core/hook/event.ts';
import { type JsonObject, asObject, asText } from '../../core/lang/json.ts';
import { asPath, asPrompt, hookEvent, readEvent } from '../shared/events.ts';
import type { ParsedEvent } from '../types.ts';

const PHASES = new Map<string, HookEvent['phase']>([
  ['PreToolUse', 'tool'],
  ['PostToolUse', 'tool'],
  ['PostToolUseFailure', 'tool'],
  ['Stop', 'turn-end'],
  ['SubagentStop', 'turn-end'],
  ['SessionStart', 'session-start'],
  ['SessionEnd', 'session-end'],
]);

const SESSION_IN_PATH = /\/session-state\/([^/]+)\/events\.jsonl$/;

/**
 * Parses an event of Copilot CLI, registered under its PascalCase name. No transcript is named: the usage
 * is in the store, and Copilot writes its own log of the session late.
 */
export function parseCopilotEvent(text: string): ParsedEvent {
  const parsed = readEvent(text);
  if (!parsed.ok) return parsed.malformed;
  const { object } = parsed;
  const name = asText(object['hook_event_name']) ?? subagentStartName(object);
  const sessionId = findSession(object);
  if (name === null || sessionId === null) return { kind: 'other' };
  return {
    kind: 'event',
    event: hookEvent({
      name,
      phase: PHASES.get(name) ?? 'other',
      sessionId,
      prompt: asPrompt(object['prompt']),
      agentId: asText(object['agent_id']),
      agentType: asText(object['agent_type']),
      cwd: asPath(object['cwd']),
      toolName: asText(object['tool_name']),
      toolResult: findToolResult(name, object),
    }),
  };
}

/** SubagentStart keeps the names of camelCase events, which do not say what they are. */
function subagentStartName(event: JsonObject): string | null {
  return asText(event['agentName']) === null ? null : 'SubagentStart';
}

/** The user's session: inside a subagent `session_id` is the subagent's own id. */
function findSession(event: JsonObject): string | null {
  const path = asPath(event['transcript_path']) ?? asPath(event['transcriptPath']);
  const inPath = SESSION_IN_PATH.exec(path?.replaceAll('\\', '/') ?? '')?.[1];
  if (inPath !== undefined) return inPath;
  const sessionId = asText(event['session_id']) ?? asText(event['sessionId']);
  const isAgentOwn = sessionId !== null && sessionId === event['agent_id'];
  return isAgentOwn ? (asText(event['parent_agent_id']) ?? sessionId) : sessionId;
}

function findToolResult(name: string, event: JsonObject): HookEvent['toolResult'] {
  if (name !== 'PostToolUse' && name !== 'PostToolUseFailure') return null;
  const type = asText(asObject(event['tool_result'])?.['result_type']);
  const isFailed = name === 'PostToolUseFailure' || (type !== null && type !== 'success');
  return { isFailed, durationMs: null };
}
