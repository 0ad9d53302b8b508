import {
  type JsonObject,
  asArray,
  asCount,
  asObject,
  asText,
  asTimeMs,
} from '../../core/lang/json.ts';
import type { Entry, LineOrigin, ToolCall, ToolResult } from '../../core/transcript/entry.ts';
import { parseUsage } from '../../core/usage-shapes/parse.ts';
import { commandWord } from '../shared/command-word.ts';
import {
  otherEntry,
  promptEntry,
  requestEntry,
  toolCall,
  toolResult,
  toolResultsEntry,
} from '../shared/entries.ts';
import type { Fold } from '../source.ts';

/** What the header of a chat states about all of its messages. */
export function noteHeader(header: JsonObject, fold: Fold): void {
  const sessionId = asText(header['sessionId']);
  if (sessionId === null) return;
  fold['session'] = sessionId;
  fold['isAgent'] = header['kind'] === 'subagent';
  fold['cwd'] ??= asText(asArray(header['directories'])[0]);
}

/**
 * The entries of a message. One with tools is written twice: before they run, and with their results. Only
 * messages with `tokens` are requests: resuming repeats the others without.
 */
export function messageEntries(message: JsonObject, fold: Fold): Entry[] {
  const isAgentThread = fold['isAgent'] === true;
  const ownId = asText(fold['session']);
  const origin: Partial<LineOrigin> = {
    uuid: asText(message['id']),
    // A subagent has a session of its own; its file lies in the folder of the user's session.
    sessionId: isAgentThread ? null : ownId,
    atMs: asTimeMs(message['timestamp']),
    isAgentThread,
    agentId: isAgentThread ? ownId : null,
    cwd: asText(fold['cwd']),
  };
  if (message['type'] === 'user') return [userEntry(message, origin)];
  if (message['type'] !== 'gemini') return [otherEntry(origin)];
  const calls = asArray(message['toolCalls']).map((value) => asObject(value) ?? {});
  const tokens = asObject(message['tokens']);
  const parsed = tokens === null ? null : parseUsage(geminiUsage(tokens));
  if (tokens === null || parsed === null) return [otherEntry(origin)];
  const request = requestEntry({
    ...origin,
    messageId: origin.uuid ?? null,
    model: asText(message['model']) ?? 'unknown',
    parsed,
    cwd: origin.cwd ?? null,
    toolCalls: calls.flatMap(readCall),
    thinkingTokens: asCount(tokens['thoughts']),
    billing: { provider: 'google', chargedNanoUsd: null, isCounter: false },
  });
  const results = calls.flatMap(readResult);
  if (results.length === 0) return [request];
  return [request, toolResultsEntry({ ...origin, uuid: null }, results)];
}

/** The chat's own names for what the API calls `usageMetadata`. */
function geminiUsage(tokens: JsonObject): JsonObject {
  return {
    usageMetadata: {
      promptTokenCount: tokens['input'],
      toolUsePromptTokenCount: tokens['tool'],
      cachedContentTokenCount: tokens['cached'],
      candidatesTokenCount: tokens['output'],
      thoughtsTokenCount: tokens['thoughts'],
      totalTokenCount: tokens['total'],
    },
  };
}

/** Tools report back in a user message, whose results the model's message has too. */
function userEntry(message: JsonObject, origin: Partial<LineOrigin>): Entry {
  const parts = asArray(message['content']).map(asObject);
  const isResult = parts.some((part) => asObject(part?.['functionResponse']) !== null);
  return isResult ? toolResultsEntry(origin, []) : promptEntry(origin);
}

function readCall(call: JsonObject): ToolCall[] {
  const id = asText(call['id']);
  const name = asText(call['name']);
  if (id === null || name === null) return [];
  const args = asObject(call['args']);
  const filePath = asText(args?.['file_path']) ?? asText(args?.['absolute_path']);
  const command = name === 'run_shell_command' ? commandWord(args?.['command']) : null;
  return [toolCall(id, name, { filePath, commandWord: command })];
}

function readResult(call: JsonObject): ToolResult[] {
  const id = asText(call['id']);
  const status = asText(call['status']);
  return id === null || status === null ? [] : [toolResult(id, { isFailed: status !== 'success' })];
}
