import {
  type JsonObject,
  asArray,
  asCount,
  asObject,
  asText,
  asTimeMs,
  parseJson,
} from '../../core/lang/json.ts';
import type { Entry, LineOrigin, RequestEntry, ToolCall } from '../../core/transcript/entry.ts';
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
import type { AgentPlace, Fold, LinesSource } from '../source.ts';

export function qwenHome({ home, env }: AgentPlace): string {
  return env['QWEN_HOME'] || `${home}/.qwen`;
}

const CHAT = /\/projects\/[^/]+\/chats\/([^/]+)\.jsonl$/;

/**
 * A session's chat, which has its subagents' requests as well. Their own files and `usage_record.jsonl`
 * repeat them and are not read.
 */
export const qwenChats: LinesSource = {
  kind: 'lines',
  folders: (place) => [`${place.env['QWEN_RUNTIME_DIR'] || qwenHome(place)}/projects`],
  includes: (path) => CHAT.test(path),
  eventFiles: () => ({ files: [], folders: [] }),
  locate: (path) => ({ kind: 'main', sessionId: CHAT.exec(path)?.[1] ?? '', agentId: null }),
  parseLine: parseChatLine,
};

/** The entries of one line of a chat (0.18 to 0.24). Never throws. */
function parseChatLine(line: string, fold: Fold): Entry[] {
  const value = asObject(parseJson(line));
  if (value === null) return [{ type: 'unreadable', chars: line.length }];
  // A fork begins with copies of its parent's lines under its own session.
  if (asObject(value['forkedFrom']) !== null) return [];
  const origin: LineOrigin = {
    uuid: asText(value['uuid']),
    parentUuid: asText(value['parentUuid']),
    sessionId: asText(value['sessionId']),
    atMs: asTimeMs(value['timestamp']),
    promptId: null,
    isAgentThread: value['isSidechain'] === true,
    agentId: asText(value['agentId']),
    cwd: asText(value['cwd']),
  };
  if (value['type'] === 'user') return [promptEntry(origin)];
  const event = asObject(asObject(value['systemPayload'])?.['uiEvent']);
  if (value['subtype'] !== 'ui_telemetry' || event === null) return [otherEntry(origin)];
  switch (event['event.name']) {
    case 'qwen-code.api_response':
      return [responseEntry(event, value, origin, fold) ?? otherEntry(origin)];
    case 'qwen-code.tool_call':
      return toolEntries(event, origin, fold);
    default:
      return [otherEntry(origin)];
  }
}

function responseEntry(
  event: JsonObject,
  line: JsonObject,
  origin: LineOrigin,
  fold: Fold,
): RequestEntry | null {
  const usage = readUsage(event);
  const model = asText(event['model']) ?? 'unknown';
  const parsed = usage === null ? null : parseUsage({ usageMetadata: usage }, { model });
  if (parsed === null) return null;
  const agentId = asText(event['subagent_id']);
  const agentType = asText(event['subagent_type']) ?? asText(event['subagent_name']);
  const isAgentThread = agentId !== null || agentType !== null;
  const responseId = asText(event['response_id']);
  const entry = requestEntry({
    ...origin,
    // Local servers give all responses one id; the line's own is unique.
    messageId: origin.uuid ?? responseId,
    requestId: origin.uuid === null ? null : responseId,
    model,
    parsed,
    isAgentThread,
    agentId,
    agentType,
    spawnToolUseId: spawningCall(agentId, agentType),
    // A subagent's names the subagent.
    promptId: isAgentThread ? null : asText(event['prompt_id']),
    gitBranch: asText(line['gitBranch']),
    clientVersion: asText(line['version']),
    thinkingTokens: asCount(event['thoughts_token_count']),
  });
  keepResponse(responseId, entry, fold);
  return entry;
}

/** Thoughts are part of the output, which the total shows. */
function readUsage(event: JsonObject): JsonObject | null {
  const input = asCount(event['input_token_count']);
  const output = asCount(event['output_token_count']);
  if (input === null && output === null) return null;
  return {
    promptTokenCount: input ?? 0,
    candidatesTokenCount: output ?? 0,
    cachedContentTokenCount: event['cached_content_token_count'],
    thoughtsTokenCount: event['thoughts_token_count'],
    totalTokenCount: (input ?? 0) + (output ?? 0),
  };
}

/** A subagent's id is made from its type and the tool call that started it. */
function spawningCall(agentId: string | null, agentType: string | null): string | null {
  const rest =
    agentId?.startsWith(`${agentType}-`) === true ? agentId.slice(`${agentType}-`.length) : '';
  return /^(?:call|toolu)_/.test(rest) ? rest : null;
}

/** Responses whose tools may still run. */
const MAX_KEPT_RESPONSES = 16;

function keepResponse(responseId: string | null, entry: RequestEntry, fold: Fold): void {
  fold['responses'] = [...keptResponses(fold), [responseId, entry]].slice(-MAX_KEPT_RESPONSES);
}

function keptResponses(fold: Fold): [responseId: string | null, entry: RequestEntry][] {
  return asArray(fold['responses']) as [string | null, RequestEntry][];
}

/** A tool that has run: its response once more, now with the call, and the result. */
function toolEntries(event: JsonObject, origin: LineOrigin, fold: Fold): Entry[] {
  const id = asText(event['call_id']);
  const name = asText(event['function_name']);
  if (id === null || name === null) return [otherEntry(origin)];
  const responseId = asText(event['response_id']);
  const response = keptResponses(fold).findLast(([kept]) => kept === responseId)?.[1];
  const isAgentThread = response?.isAgentThread ?? false;
  const thread = { ...origin, isAgentThread, agentId: response?.agentId ?? null };
  const result = toolResult(id, {
    isFailed: event['success'] === false,
    durationMs: asCount(event['duration_ms']),
  });
  const results = toolResultsEntry(thread, [result]);
  if (response === undefined) return [results];
  return [{ ...response, toolCalls: [readCall(id, name, event)] }, results];
}

function readCall(id: string, name: string, event: JsonObject): ToolCall {
  const args = asObject(event['function_args']);
  return toolCall(id, name, {
    filePath: asText(args?.['file_path']) ?? asText(args?.['absolute_path']),
    commandWord: name === 'run_shell_command' ? commandWord(args?.['command']) : null,
  });
}
