import type { HookEvent, HookDecision, PayloadUsage } from '../../core/hook/event.ts';
import { type JsonObject, asObject, parseJson } from '../../core/lang/json.ts';
import { estimatedUsage, payloadUsage } from '../../core/usage/payload.ts';
import type { ParsedEvent } from '../types.ts';
import { type WireEvent, readWireEvent } from './wire.ts';

const MOMENTS = new Map<string, HookEvent['phase']>([
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

/** Events whose answer Claude Code heeds. PostToolUse is registered without waiting for it. */
const QUESTIONS = new Map<string, HookDecision>([
  ['UserPromptSubmit', 'prompt'],
  ['PreToolUse', 'tool'],
  ['PostToolBatch', 'tool-batch'],
  ['PreCompact', 'compaction'],
  ['Stop', 'turn-end'],
]);

/** Tools whose response contains only the last message's usage: the subagent's file has all of it. */
const AGENT_TOOLS = new Set(['Agent', 'Task']);

/** Parses an event received on stdin. Total: it never throws, whatever the text. */
export function parseEvent(text: string): ParsedEvent {
  const value = parseJson(text);
  if (value === undefined) return { kind: 'malformed', reason: 'the event is not JSON' };
  const object = asObject(value);
  if (object === null) return { kind: 'malformed', reason: 'the event is not a JSON object' };
  const { hookEventName, durationMs, ...wire } = readWireEvent(object);
  const usage = findPayloadUsage(object, wire);
  if (wire.transcriptPath === null && usage === null) return { kind: 'other' };
  const name = hookEventName ?? 'unknown';
  const isResult = name === 'PostToolUse' || name === 'PostToolUseFailure';
  return {
    kind: 'event',
    event: {
      ...wire,
      name,
      phase: MOMENTS.get(name) ?? 'other',
      decision: QUESTIONS.get(name) ?? null,
      toolResult: isResult ? { isFailed: name === 'PostToolUseFailure', durationMs } : null,
      usage,
    },
  };
}

function findPayloadUsage(
  event: JsonObject,
  wire: Pick<WireEvent, 'toolName' | 'transcriptPath'>,
): PayloadUsage | null {
  if (AGENT_TOOLS.has(wire.toolName ?? '')) return null;
  // A request that a transcript will contain must not be estimated from its text.
  return payloadUsage(event) ?? (wire.transcriptPath === null ? estimatedUsage(event) : null);
}
