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
import { asTokenCount } from '../../core/usage/token-count.ts';
import { NO_USAGE } from '../../core/usage/usage.ts';
import { plainUsage } from '../../core/usage-shapes/parse.ts';
import { statedNanoUsd } from '../shared/cost.ts';
import { otherEntry, requestEntry, userEntry } from '../shared/entries.ts';
import { asPath } from '../shared/events.ts';
import { asEpochMs } from '../shared/time.ts';
import { toolCallAbout } from '../shared/tools.ts';
import { toolResult } from '../shared/entries.ts';
import { isEmptyUsage } from '../shared/usage.ts';
import type { Fold, LinesSource } from '../source.ts';
import { piFolder, sessionOfFile } from './place.ts';

/** A session's lines form a tree; a fork is a new file that begins with copies of its parent's. */
export const sessionLines: LinesSource = {
  kind: 'lines',
  folders: (place) => [`${piFolder(place)}/sessions`],
  includes: (path) => path.endsWith('.jsonl'),
  // The events name the session's file.
  eventFiles: () => ({ files: [], folders: [] }),
  locate(path) {
    const name = path.split('/').at(-1) ?? '';
    const sessionId = sessionOfFile(path) ?? name.replace(/\.jsonl$/, '');
    return { kind: 'main', sessionId, agentId: null };
  },
  parseLine,
};

function parseLine(text: string, fold: Fold): Entry[] {
  const line = asObject(parseJson(text));
  if (line === null) return [{ type: 'unreadable', chars: text.length }];
  if (line['type'] === 'session') return [readHeader(line, fold)];
  const origin = readOrigin(line, fold);
  if (line['type'] === 'compaction') {
    const key = origin.uuid ?? String(origin.atMs);
    return [{ ...origin, type: 'auxiliary', kind: 'compaction', key, requests: 1 }];
  }
  const message = line['type'] === 'message' ? asObject(line['message']) : null;
  switch (message?.['role']) {
    case 'user':
      fold['promptId'] = origin.uuid;
      return [userEntry({ ...origin, promptId: origin.uuid, isPrompt: true })];
    case 'toolResult':
      return [readToolResult(message, origin)];
    case 'assistant':
      return [readRequest(message, origin, fold) ?? otherEntry(origin)];
    default:
      return [otherEntry(origin)];
  }
}

function readHeader(line: JsonObject, fold: Fold): Entry {
  const sessionId = asText(line['id']);
  const atMs = asTimeMs(line['timestamp']);
  const parent = asPath(line['parentSession']);
  fold['sessionId'] = sessionId;
  fold['startedAtMs'] = atMs;
  fold['cwd'] = asPath(line['cwd']);
  fold['parentId'] = parent === null ? null : sessionOfFile(parent);
  return otherEntry({ sessionId, atMs, cwd: asPath(line['cwd']) });
}

function readOrigin(line: JsonObject, fold: Fold): LineOrigin {
  return {
    uuid: asText(line['id']),
    parentUuid: asText(line['parentId']),
    sessionId: asText(fold['sessionId']),
    atMs: asTimeMs(line['timestamp']),
    promptId: asText(fold['promptId']),
    isAgentThread: false,
    agentId: null,
    cwd: asPath(fold['cwd']),
  };
}

/** Null for an answer without usage, such as one that failed. */
function readRequest(message: JsonObject, origin: LineOrigin, fold: Fold): RequestEntry | null {
  const usage = asObject(message['usage']);
  if (usage === null) return null;
  const count = (name: string) => asTokenCount(usage[name]) ?? 0;
  const parsed = plainUsage({
    ...NO_USAGE,
    inputTokens: count('input'),
    outputTokens: count('output'),
    cacheReadTokens: count('cacheRead'),
    cacheWrite5mTokens: count('cacheWrite'),
  });
  if (isEmptyUsage(parsed)) return null;
  return requestEntry({
    ...origin,
    messageId: nameRequest(message, origin),
    ownerSessionId: findOwner(origin, fold),
    model: asText(message['model']) ?? 'unknown',
    parsed,
    toolCalls: readCalls(message['content']),
    billing: {
      provider: asText(message['provider']),
      chargedNanoUsd: statedNanoUsd(asObject(usage['cost'])?.['total']),
      isCounter: false,
    },
  });
}

/**
 * The response's id with the request's time, both of which a fork's copy keeps: a server of the user's own
 * may send the same id each time. The line's id does not help, because Pi gives old lines a new one.
 */
function nameRequest(message: JsonObject, { uuid }: LineOrigin): string | null {
  const responseId = asText(message['responseId']);
  const startedAtMs = asCount(message['timestamp']);
  if (startedAtMs === null) return responseId ?? uuid;
  return `${responseId ?? 'pi'}@${startedAtMs}`;
}

/**
 * A line that is older than its file is a copy of the parent's. Lines of the session itself say so too:
 * a fork of a fork names its own parent for the lines of both.
 */
function findOwner({ atMs, sessionId }: LineOrigin, fold: Fold): string | null {
  const startedAtMs = asEpochMs(fold['startedAtMs']);
  if (atMs === null || startedAtMs === null) return null;
  return atMs < startedAtMs ? asText(fold['parentId']) : sessionId;
}

function readToolResult(message: JsonObject, origin: LineOrigin): Entry {
  const id = asText(message['toolCallId']);
  const toolResults =
    id === null ? [] : [toolResult(id, { isFailed: message['isError'] === true })];
  return userEntry({ ...origin, promptId: null, toolResults });
}

function readCalls(content: unknown): ToolCall[] {
  return asArray(content).flatMap((value) => {
    const block = asObject(value);
    const id = asText(block?.['id']);
    const name = asText(block?.['name']);
    if (block?.['type'] !== 'toolCall' || id === null || name === null) return [];
    const input = asObject(block['arguments']);
    const command = name === 'bash' ? input?.['command'] : null;
    return [toolCallAbout(id, name, { file: input?.['path'], command })];
  });
}
