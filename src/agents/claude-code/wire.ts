import { type JsonObject, asArray, asCount, asObject, asText } from '../../core/lang/json.ts';

/**
 * A hook event as sent by Claude Code 2.1; fields that tallyhook does not read are not listed. A field of
 * another type is treated as absent and does not invalidate the event. Parsed by hand, without zod: see
 * docs/adr/0004-the-hook-reads-events-by-hand.md.
 */
export interface WireEvent {
  /** On every event. */
  hookEventName: string | null;
  /** On every event. */
  sessionId: string | null;
  /** On every event; path of the main transcript, also inside a subagent. */
  transcriptPath: string | null;
  /** On every event. */
  cwd: string | null;
  /** On every event after the first prompt. */
  promptId: string | null;
  /** On events inside a subagent. */
  agentId: string | null;
  /** On events inside a subagent; empty for a compaction. */
  agentType: string | null;
  /** On SubagentStop; for a compaction it names a file that never exists. */
  agentTranscriptPath: string | null;
  /** On tool events. */
  toolName: string | null;
  /** On tool events. */
  toolUseId: string | null;
  /** On PostToolUse and PostToolUseFailure. */
  durationMs: number | null;
  /** On UserPromptSubmit, complete: it is measured, but never stored. */
  prompt: string | null;
  /** On PostToolBatch; on PreToolUse the single tool that is about to run. */
  pendingTools: WireTool[];
}

export interface WireTool {
  name: string | null;
  toolUseId: string | null;
  /** Present for Bash. */
  shellCommand: string | null;
}

export function readWireEvent(event: JsonObject): WireEvent {
  const hookEventName = asText(event['hook_event_name']);
  return {
    hookEventName,
    sessionId: asText(event['session_id']),
    transcriptPath: toPath(event['transcript_path']),
    cwd: toPath(event['cwd']),
    promptId: asText(event['prompt_id']),
    agentId: asText(event['agent_id']),
    agentType: asText(event['agent_type']),
    agentTranscriptPath: toPath(event['agent_transcript_path']),
    toolName: asText(event['tool_name']),
    toolUseId: asText(event['tool_use_id']),
    durationMs: asCount(event['duration_ms']),
    prompt: typeof event['prompt'] === 'string' ? event['prompt'] : null,
    pendingTools: parsePendingTools(hookEventName, event),
  };
}

function parsePendingTools(hookEventName: string | null, event: JsonObject): WireTool[] {
  if (hookEventName === 'PreToolUse') return [readTool(event)];
  if (hookEventName !== 'PostToolBatch') return [];
  return asArray(event['tool_calls']).flatMap((value) => {
    const tool = asObject(value);
    return tool === null ? [] : [readTool(tool)];
  });
}

function readTool(tool: JsonObject): WireTool {
  const command = asObject(tool['tool_input'])?.['command'];
  const name = asText(tool['tool_name']);
  return {
    name,
    toolUseId: asText(tool['tool_use_id']),
    shellCommand: name === 'Bash' && typeof command === 'string' ? command : null,
  };
}

/** A path is accepted unchanged or not at all; no file system has longer paths or allows NUL in them. */
function toPath(value: unknown): string | null {
  const isPath = typeof value === 'string' && value.length <= 4096 && !value.includes('\0');
  return isPath && value !== '' ? value : null;
}
