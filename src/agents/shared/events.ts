import type { HookEvent, PendingTool } from '../../core/hook/event.ts';
import { type JsonObject, asObject, asText, parseJson } from '../../core/lang/json.ts';

/** A path of an event is accepted unchanged or not at all; no file system allows longer ones or NUL. */
export function asPath(value: unknown): string | null {
  const isPath = typeof value === 'string' && value.length <= 4096 && !value.includes('\0');
  return isPath && value !== '' ? value : null;
}

/** An event of which nothing is known but its name. */
export function bareEvent(name: string): HookEvent {
  return {
    name,
    phase: 'other',
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
  };
}

/** An event with the given facts; whatever is left out is unknown. */
export function hookEvent(facts: Pick<HookEvent, 'name'> & Partial<HookEvent>): HookEvent {
  return { ...bareEvent(facts.name), ...facts };
}

export function asPrompt(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

/** The object of an event, or why it is none. */
export function readEvent(
  text: string,
):
  | { ok: true; object: JsonObject }
  | { ok: false; malformed: { kind: 'malformed'; reason: string } } {
  const value = parseJson(text);
  if (value === undefined) return failed('the event is not JSON');
  const object = asObject(value);
  return object === null ? failed('the event is not a JSON object') : { ok: true, object };
}

function failed(reason: string) {
  return { ok: false, malformed: { kind: 'malformed', reason } } as const;
}

/** The fields that Claude Code's events have, and those of agents that took over its names. */
export function commonFields(object: JsonObject): Partial<HookEvent> {
  return {
    sessionId: asText(object['session_id']),
    transcriptPath: asPath(object['transcript_path']),
    agentTranscriptPath: asPath(object['agent_transcript_path']),
    promptId: asText(object['prompt_id']),
    prompt: typeof object['prompt'] === 'string' ? object['prompt'] : null,
    agentId: asText(object['agent_id']),
    agentType: asText(object['agent_type']),
    cwd: asPath(object['cwd']),
    toolName: asText(object['tool_name']),
    toolUseId: asText(object['tool_use_id']),
  };
}

/** The tool that an event is about, so that commands about budgets are never refused. */
export function pendingTool(object: JsonObject, shellTools: RegExp): PendingTool {
  const name = asText(object['tool_name']);
  const command = asObject(object['tool_input'])?.['command'];
  return {
    name,
    toolUseId: null,
    shellCommand:
      name !== null && shellTools.test(name) && typeof command === 'string' ? command : null,
  };
}
