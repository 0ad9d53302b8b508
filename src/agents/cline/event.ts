import type { HookEvent } from '../../core/hook/event.ts';
import { type JsonObject, asArray, asCount, asObject, asText } from '../../core/lang/json.ts';
import { asPath, asPrompt, hookEvent, readEvent } from '../shared/events.ts';
import type { ParsedEvent } from '../types.ts';

/** By the name of the hook's file, and by the name that newer versions give to the same moment. */
const PHASES = new Map<string, HookEvent['phase']>([
  ['PreToolUse', 'tool'],
  ['tool_call', 'tool'],
  ['PostToolUse', 'tool'],
  ['tool_result', 'tool'],
  ['TaskStart', 'session-start'],
  ['agent_start', 'session-start'],
  ['TaskResume', 'session-start'],
  ['agent_resume', 'session-start'],
  ['TaskComplete', 'turn-end'],
  ['agent_end', 'turn-end'],
  ['TaskError', 'turn-end'],
  ['agent_error', 'turn-end'],
  ['TaskCancel', 'turn-end'],
  ['agent_abort', 'turn-end'],
  ['SessionShutdown', 'session-end'],
  ['session_shutdown', 'session-end'],
]);

const RESULTS = new Set(['PostToolUse', 'tool_result']);

/** Parses an event of Cline; a subagent's names the user's session as its root. */
export function parseClineEvent(text: string): ParsedEvent {
  const parsed = readEvent(text);
  if (!parsed.ok) return parsed.malformed;
  const { object } = parsed;
  const name = asText(object['hookName']);
  const context = asObject(object['sessionContext']);
  const sessionId = asText(context?.['rootSessionId']) ?? asText(object['taskId']);
  if (name === null || sessionId === null) return { kind: 'other' };
  const tool = findTool(object);
  const isAgent = asText(object['parent_agent_id']) !== null;
  return {
    kind: 'event',
    event: hookEvent({
      name,
      phase: PHASES.get(name) ?? 'other',
      sessionId,
      prompt: asPrompt(asObject(object['userPromptSubmit'])?.['prompt']),
      agentId: isAgent ? asText(object['agent_id']) : null,
      cwd: asPath(asObject(object['workspaceInfo'])?.['rootPath']) ?? firstPath(object),
      toolName: asText(tool?.['toolName']) ?? asText(tool?.['name']),
      toolUseId: asText(tool?.['id']),
      toolResult: RESULTS.has(name) ? readResult(tool) : null,
    }),
  };
}

function firstPath(event: JsonObject): string | null {
  return asPath(asArray(event['workspaceRoots'])[0]);
}

function findTool(event: JsonObject): JsonObject | null {
  return (
    asObject(event['tool_result']) ??
    asObject(event['tool_call']) ??
    asObject(event['postToolUse']) ??
    asObject(event['preToolUse'])
  );
}

function readResult(tool: JsonObject | null): HookEvent['toolResult'] {
  const hasError = tool?.['error'] !== undefined && tool['error'] !== null;
  return {
    isFailed: tool?.['success'] === false || hasError,
    durationMs: asCount(tool?.['executionTimeMs']) ?? asCount(tool?.['durationMs']),
  };
}
