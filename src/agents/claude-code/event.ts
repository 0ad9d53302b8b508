import type { HookEvent, PayloadUsage } from '../../core/hook-event.ts';
import { type JsonObject, asObject, asText, asTimeMs, parseJson } from '../../core/json.ts';
import { parseAnthropicUsage } from '../../core/parse-usage.ts';
import type { ParsedEvent } from '../agent.ts';
import { readWireEvent } from './wire.ts';

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
  const { hookEventName, durationMs, ...wire } = readWireEvent(object);
  const usage = AGENT_TOOLS.has(wire.toolName ?? '') ? null : payloadUsage(object);
  if (wire.transcriptPath === null && usage === null) return { kind: 'other' };
  const name = hookEventName ?? 'unknown';
  const isResult = name === 'PostToolUse' || name === 'PostToolUseFailure';
  return {
    kind: 'event',
    event: {
      ...wire,
      name,
      moment: MOMENTS[name] ?? 'other',
      toolResult: isResult ? { isFailed: name === 'PostToolUseFailure', durationMs } : null,
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
