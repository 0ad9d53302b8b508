import type { LineFacts } from '../../core/record/record-columns.ts';
import type {
  AuxiliaryRequestEntry,
  ClientModelTotal,
  ClientTotalEntry,
  Entry,
  LineOrigin,
  OtherEntry,
  PullRequestEntry,
  RequestEntry,
  ToolResult,
  UserEntry,
} from '../../core/transcript/entry.ts';
import {
  type JsonObject,
  asArray,
  asCount,
  asObject,
  asText,
  asTimeMs,
  parseJson,
} from '../../core/lang/json.ts';
import { MISSING_USAGE, parseAnthropicUsage } from '../../core/usage/parse-anthropic.ts';
import type { ParsedUsage } from '../../core/usage/usage.ts';
import { attachmentPieces, responsePieces, userPieces } from './pieces.ts';
import { parseToolCalls } from './tool-calls.ts';
import { completeObjects } from './torn-line.ts';

/** Copies inside `progress` lines have been seen one level deep; deeper nesting is followed too. */
const MAX_NESTING = 4;
/**
 * The entries of one line of a Claude Code transcript (2.0 to 2.1.330): one, unless a crash left several
 * objects on a line. Never throws.
 */
export function parseTranscriptLine(line: string): Entry[] {
  const value = asObject(parseJson(line));
  if (value !== null) return [toEntry(value)];
  const objects = completeObjects(line);
  if (objects.length === 0) return [{ type: 'unreadable', chars: line.length }];
  return objects.map(toEntry);
}

function toEntry(line: JsonObject): Entry {
  switch (line['type']) {
    case 'assistant':
      return requestEntry(line, parseOrigin(line)) ?? otherEntry(line);
    case 'user':
      return userEntry(line, parseOrigin(line));
    case 'progress':
      return progressCopy(line) ?? otherEntry(line);
    case 'cost-state':
      return clientTotalEntry(line) ?? otherEntry(line);
    case 'pr-link':
      return pullRequestEntry(line) ?? otherEntry(line);
    case 'system':
    case 'ai-title':
      return parseAuxiliaryRequest(line) ?? otherEntry(line);
    default:
      return otherEntry(line);
  }
}

function otherEntry(line: JsonObject): OtherEntry {
  const origin = parseOrigin(line);
  const pieces =
    line['type'] === 'attachment' ? attachmentPieces(line['attachment'], origin.uuid) : [];
  return { ...origin, type: 'other', pieces };
}

function parseOrigin(line: JsonObject): LineOrigin {
  return {
    uuid: asText(line['uuid']),
    parentUuid: asText(line['parentUuid']),
    sessionId: asText(line['sessionId']),
    atMs: asTimeMs(line['timestamp']),
    promptId: asText(line['promptId']),
    isAgentThread: line['isSidechain'] === true,
    agentId: asText(line['agentId']),
    cwd: asText(line['cwd']),
  };
}

/**
 * Null if the line is not a billed request: an API error, a synthetic message, or a message that has neither
 * usage nor an end.
 */
function requestEntry(line: JsonObject, origin: LineOrigin): RequestEntry | null {
  const message = asObject(line['message']);
  if (message === null || line['isApiErrorMessage'] === true) return null;
  const model = asText(message['model']) ?? 'unknown';
  if (model === '<synthetic>') return null;
  const parsed = parseAnthropicUsage(message['usage'], model) ?? missingUsage(message);
  if (parsed === null) return null;
  // Field by field, because spreading `origin` into an object of this size is ten times as slow in V8.
  return {
    type: 'request',
    uuid: origin.uuid,
    parentUuid: origin.parentUuid,
    sessionId: origin.sessionId,
    atMs: origin.atMs,
    promptId: origin.promptId,
    isAgentThread: origin.isAgentThread,
    agentId: origin.agentId,
    messageId: asText(message['id']),
    requestId: asText(line['requestId']),
    ownerSessionId: asText(line['requestSessionId']),
    agentType: asText(line['attributionAgent']),
    spawnToolUseId: null,
    model,
    parsed,
    // An explicit null marks a line that was written before its response had ended.
    isOutputFinal: message['stop_reason'] !== null,
    ...(message['stop_reason'] === 'refusal' ? { isRefused: true } : {}),
    ...parseLineFacts(line),
    toolCalls: parseToolCalls(message['content'], line),
    pieces: responsePieces(message['content'], origin.uuid),
    thinkingTokens: asCount(
      asObject(asObject(message['usage'])?.['output_tokens_details'])?.['thinking_tokens'],
    ),
  };
}

/** A response that has ended was billed, even if the gateway did not pass its usage on. */
function missingUsage(message: JsonObject): ParsedUsage | null {
  const hasEnded = asText(message['id']) !== null && asText(message['stop_reason']) !== null;
  return hasEnded ? MISSING_USAGE : null;
}

function parseLineFacts(line: JsonObject): LineFacts {
  return {
    cwd: asText(line['cwd']),
    gitBranch: asText(line['gitBranch']),
    clientVersion: asText(line['version']),
  };
}

/** A `progress` line repeats a subagent's line inside the main transcript. */
function progressCopy(line: JsonObject): RequestEntry | UserEntry | null {
  let data = asObject(line['data']);
  for (let depth = 0; data !== null && depth < MAX_NESTING; depth++) {
    const inner = asObject(data['message']);
    if (inner === null) return null;
    if (inner['type'] === 'assistant' || inner['type'] === 'user') {
      const outer = parseOrigin(line);
      const origin = {
        ...parseOrigin(inner),
        sessionId: outer.sessionId,
        atMs: asTimeMs(inner['timestamp']) ?? outer.atMs,
        isAgentThread: true,
        agentId: asText(data['agentId']),
        cwd: outer.cwd,
      };
      if (inner['type'] === 'user')
        return origin.agentId === null ? null : userEntry(inner, origin);
      const entry = requestEntry(inner, origin);
      if (entry === null) return null;
      entry.spawnToolUseId = asText(line['parentToolUseID']);
      return Object.assign(entry, parseLineFacts(line));
    }
    data = asObject(inner['data']);
  }
  return null;
}

function userEntry(line: JsonObject, origin: LineOrigin): UserEntry {
  const content = asObject(line['message'])?.['content'];
  const outcome = asObject(line['toolUseResult']);
  const toolResults: ToolResult[] = [];
  for (const item of asArray(content)) {
    const block = asObject(item);
    if (block?.['type'] !== 'tool_result') continue;
    const toolUseId = asText(block['tool_use_id']);
    if (toolUseId === null) continue;
    toolResults.push({
      toolUseId,
      isFailed: block['is_error'] === true,
      durationMs: asCount(outcome?.['totalDurationMs']) ?? asCount(outcome?.['durationMs']),
      agentId: asText(outcome?.['agentId']),
      agentType: asText(outcome?.['agentType']),
    });
  }
  const { uuid, parentUuid, sessionId, atMs, promptId, isAgentThread, agentId, cwd } = origin;
  return {
    type: 'user',
    uuid,
    parentUuid,
    sessionId,
    atMs,
    promptId,
    isAgentThread,
    agentId,
    cwd,
    isPrompt:
      toolResults.length === 0 && line['isMeta'] !== true && line['isCompactSummary'] !== true,
    toolResults,
    pieces: userPieces(line, uuid),
  };
}

function pullRequestEntry(line: JsonObject): PullRequestEntry | null {
  const number = asCount(line['prNumber']);
  const repository = asText(line['prRepository']);
  const name = number !== null && repository !== null ? `${repository}#${number}` : null;
  const address = asText(line['prUrl']);
  if (name === null && address === null) return null;
  return { ...parseOrigin(line), type: 'pull-request', name: name ?? address ?? '' };
}

function clientTotalEntry(line: JsonObject): ClientTotalEntry | null {
  const usageByModel = asObject(line['modelUsage']);
  if (usageByModel === null) return null;
  const models: ClientModelTotal[] = [];
  for (const [model, value] of Object.entries(usageByModel)) {
    const usage = asObject(value);
    const costUsd = usage?.['costUSD'];
    if (usage === null || typeof costUsd !== 'number' || !(costUsd >= 0 && costUsd < 9e6)) continue;
    models.push({
      model,
      costNanoUsd: Math.round(costUsd * 1e9),
      inputTokens: asCount(usage['inputTokens']) ?? 0,
      outputTokens: asCount(usage['outputTokens']) ?? 0,
      cacheReadTokens: asCount(usage['cacheReadInputTokens']) ?? 0,
      cacheWriteTokens: asCount(usage['cacheCreationInputTokens']) ?? 0,
      webSearchRequests: asCount(usage['webSearchRequests']) ?? 0,
    });
  }
  return {
    ...parseOrigin(line),
    type: 'client-total',
    startedAtMs: asCount(line['startTime']) ?? 0,
    elapsedMs: asCount(line['totalDuration']) ?? 0,
    models,
  };
}

/** A compaction, a title, or prompts that hooks sent to a model: no line contains their usage. */
function parseAuxiliaryRequest(line: JsonObject): AuxiliaryRequestEntry | null {
  const origin = parseOrigin(line);
  const found = (
    kind: AuxiliaryRequestEntry['kind'],
    key: string,
    requests: number,
  ): AuxiliaryRequestEntry => {
    return { ...origin, type: 'auxiliary', kind, key, requests };
  };
  // Without a key of its own, because Claude Code writes a session's title repeatedly.
  if (line['type'] === 'ai-title') return found('title', 'title', 1);
  if (line['subtype'] === 'compact_boundary') {
    return found('compaction', origin.uuid ?? asText(line['timestamp']) ?? '', 1);
  }
  if (origin.uuid === null || line['subtype'] !== 'stop_hook_summary') return null;
  const prompts = asArray(line['hookInfos']).filter(
    (info) => asText(asObject(info)?.['promptText']) !== null,
  );
  return prompts.length > 0 ? found('prompt-hook', origin.uuid, prompts.length) : null;
}
