import {
  type JsonObject,
  asArray,
  asCount,
  asObject,
  asText,
  parseJson,
} from '../../core/lang/json.ts';
import type { ToolCall, ToolResult } from '../../core/transcript/entry.ts';
import { commandWord } from '../shared/command-word.ts';
import { toolCall, toolResult } from '../shared/entries.ts';
import type { Fold } from '../source.ts';

/** More are not kept between a call and its request, or between an outcome and its result. */
const MAX_KEPT = 64;

/** Keeps a tool call of a response: its usage follows on a later line. */
export function keepCall(item: JsonObject, fold: Fold): void {
  const call = readCall(item);
  if (call !== null) fold['calls'] = [...keptCalls(fold), call].slice(-MAX_KEPT);
}

/** The tool calls since the last request. */
export function takeCalls(fold: Fold): ToolCall[] {
  const calls = keptCalls(fold);
  delete fold['calls'];
  return calls;
}

function keptCalls(fold: Fold): ToolCall[] {
  return Array.isArray(fold['calls']) ? (fold['calls'] as ToolCall[]) : [];
}

function readCall(item: JsonObject): ToolCall | null {
  const toolUseId = asText(item['call_id']);
  const name = asText(item['name']) ?? (item['type'] === 'local_shell_call' ? 'shell' : null);
  if (toolUseId === null || name === null) return null;
  if (item['type'] === 'custom_tool_call') {
    const patch = typeof item['input'] === 'string' ? item['input'].slice(0, 4096) : '';
    const filePath = /^\*\*\* (?:Add|Update|Delete) File: (.+)$/m.exec(patch)?.[1] ?? null;
    return toolCall(toolUseId, name, { filePath: asText(filePath) });
  }
  const text = item['arguments'];
  const input = asObject(typeof text === 'string' ? parseJson(text) : item['action']);
  const command = input?.['cmd'] ?? input?.['command'];
  // A list is a program with its arguments, as a rule a shell with the command line last.
  const line: unknown = Array.isArray(command) ? command.at(-1) : command;
  return toolCall(toolUseId, name, { commandWord: commandWord(line) });
}

/** Keeps how a tool ended: the line with its result does not say. */
export function keepOutcome(event: JsonObject, fold: Fold): void {
  const item = asObject(event['item']) ?? event;
  const toolUseId = asText(item['call_id']) ?? asText(item['id']);
  if (toolUseId === null) return;
  const exitCode = item['exit_code'];
  const status = asText(item['status']);
  const isFailed =
    (typeof exitCode === 'number' && exitCode !== 0) ||
    status === 'failed' ||
    status === 'declined' ||
    item['success'] === false ||
    asObject(item['result'])?.['Err'] !== undefined;
  const agentId = asText(item['agent_thread_id']);
  const outcome = toolResult(toolUseId, { isFailed, durationMs: readDuration(item), agentId });
  fold['outcomes'] = [...keptOutcomes(fold), outcome].slice(-MAX_KEPT);
}

/** The result of a call, with what earlier lines said about it. */
export function takeResult(item: JsonObject, fold: Fold): ToolResult | null {
  const toolUseId = asText(item['call_id']);
  if (toolUseId === null) return null;
  const outcomes = keptOutcomes(fold);
  const kept = outcomes.filter((outcome) => outcome.toolUseId === toolUseId);
  if (kept.length > 0) {
    fold['outcomes'] = outcomes.filter((outcome) => outcome.toolUseId !== toolUseId);
  }
  return toolResult(toolUseId, {
    isFailed: kept.some(({ isFailed }) => isFailed),
    durationMs: kept.find(({ durationMs }) => durationMs !== null)?.durationMs ?? null,
    agentId: kept.find(({ agentId }) => agentId !== null)?.agentId ?? null,
  });
}

function keptOutcomes(fold: Fold): ToolResult[] {
  return asArray(fold['outcomes']) as ToolResult[];
}

function readDuration(item: JsonObject): number | null {
  const duration = asObject(item['duration']);
  const seconds = asCount(duration?.['secs']);
  const nanos = asCount(duration?.['nanos']);
  if (seconds === null || nanos === null) return null;
  return asCount(Math.round(seconds * 1000 + nanos / 1e6));
}
