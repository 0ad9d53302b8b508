import type { HookEvent, PayloadUsage } from '../../core/hook-event.ts';
import { type JsonObject, asObject, asText, asTimeMs, parseJson } from '../../core/json.ts';
import { parseAnthropicUsage } from '../../core/parse-usage.ts';
import type { ParsedEvent } from '../agent.ts';
import { wireEvent } from './wire.ts';

const MOMENTS: Record<string, HookEvent['moment']> = {
  PreToolUse: 'tool',
  PostToolUse: 'tool',
  PostToolUseFailure: 'tool',
  PostToolBatch: 'tool',
  Stop: 'turn-end',
  StopFailure: 'turn-end',
  SubagentStop: 'turn-end',
  SessionStart: 'session-start',
  SessionEnd: 'session-end',
};

/** Tools whose response carries the last message's usage only: the subagent's file has it all. */
const AGENT_TOOLS = new Set(['Agent', 'Task']);

/** Reads an event as received on stdin. Total: whatever the text, it never throws. */
export function parseEvent(text: string): ParsedEvent {
  const value = parseJson(text);
  if (value === undefined) return { kind: 'malformed', reason: 'the event is not JSON' };
  const object = asObject(value);
  if (object === null) return { kind: 'malformed', reason: 'the event is not a JSON object' };
  const parsed = wireEvent.safeParse(object);
  if (!parsed.success) return { kind: 'malformed', reason: 'the event has no known shape' };
  const wire = parsed.data;
  const usage = AGENT_TOOLS.has(wire.tool_name ?? '') ? null : payloadUsage(object);
  if (wire.transcript_path === undefined && usage === null) return { kind: 'other' };
  const name = wire.hook_event_name ?? 'unknown';
  const isResult = name === 'PostToolUse' || name === 'PostToolUseFailure';
  return {
    kind: 'event',
    event: {
      name,
      moment: MOMENTS[name] ?? 'other',
      sessionId: wire.session_id ?? null,
      transcriptPath: wire.transcript_path ?? null,
      agentTranscriptPath: wire.agent_transcript_path ?? null,
      promptId: wire.prompt_id ?? null,
      agentId: wire.agent_id ?? null,
      agentType: wire.agent_type ?? null,
      cwd: wire.cwd ?? null,
      toolName: wire.tool_name ?? null,
      toolUseId: wire.tool_use_id ?? null,
      toolResult: isResult
        ? { isFailed: name === 'PostToolUseFailure', durationMs: wire.duration_ms ?? null }
        : null,
      usage,
    },
  };
}

/** The first of the places where usage may sit in a payload. */
function payloadUsage(event: JsonObject): PayloadUsage | null {
  const holders = [
    event,
    asObject(event['response']),
    asObject(event['tool_response']),
    asObject(event['message']),
  ];
  for (const holder of holders) {
    if (holder === null) continue;
    const model = asText(holder['model']) ?? asText(event['model']);
    const parsed = parseAnthropicUsage(holder['usage'], model ?? undefined);
    if (parsed === null) continue;
    const response = asObject(event['response']);
    return {
      model: model ?? asText(response?.['model']),
      responseId: asText(response?.['id']) ?? (holder === event ? null : asText(holder['id'])),
      parsed,
      occurredAtMs: asTimeMs(event['timestamp']),
    };
  }
  return null;
}
