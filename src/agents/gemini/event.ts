import type { HookDecision, HookEvent } from '../../core/hook/event.ts';
import { asObject, asText } from '../../core/lang/json.ts';
import { bareEvent, commonFields, pendingTool, readEvent } from '../shared/events.ts';
import type { ParsedEvent } from '../types.ts';

const PHASES = new Map<string, HookEvent['phase']>([
  ['BeforeTool', 'tool'],
  ['AfterTool', 'tool'],
  ['AfterAgent', 'turn-end'],
  ['SessionStart', 'session-start'],
  ['SessionEnd', 'session-end'],
]);

/** PreCompress ignores its answer. */
const QUESTIONS = new Map<string, HookDecision>([
  ['BeforeAgent', 'prompt'],
  ['BeforeTool', 'tool'],
  ['AfterTool', 'tool-batch'],
]);

/** They come for each part of a response, with the whole conversation, and do not count its cached tokens. */
const IGNORED = new Set(['BeforeModel', 'AfterModel', 'BeforeToolSelection']);

/** Parses an event of Gemini CLI 0.61. Total: it never throws, whatever the text. */
export function parseGeminiEvent(text: string): ParsedEvent {
  const read = readEvent(text);
  if (!read.ok) return read.malformed;
  const { object } = read;
  const name = asText(object['hook_event_name']) ?? 'unknown';
  const common = commonFields(object);
  if (common.transcriptPath === null || IGNORED.has(name)) return { kind: 'other' };
  const event: HookEvent = { ...bareEvent(name), ...common };
  event.phase = PHASES.get(name) ?? 'other';
  event.decision = QUESTIONS.get(name) ?? null;
  if (name === 'BeforeTool' || name === 'AfterTool') {
    event.pendingTools = [pendingTool(object, /^run_shell_command$/)];
  }
  if (name === 'AfterTool') {
    const isFailed = asObject(asObject(object['tool_response'])?.['error']) !== null;
    event.toolResult = { isFailed, durationMs: null };
  }
  return { kind: 'event', event };
}
