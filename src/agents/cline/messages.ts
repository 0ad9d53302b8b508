import {
  type JsonObject,
  asArray,
  asCount,
  asObject,
  asText,
  parseJson,
} from '../../core/lang/json.ts';
import type {
  Entry,
  RequestEntry,
  ToolCall,
  ToolResult,
  UserEntry,
} from '../../core/transcript/entry.ts';
import { parseUsage } from '../../core/usage-shapes/parse.ts';
import { statedNanoUsd } from '../shared/cost.ts';
import { requestEntry, userEntry } from '../shared/entries.ts';
import { asPath } from '../shared/events.ts';
import { asEpochMs } from '../shared/time.ts';
import { toolCallAbout } from '../shared/tools.ts';
import { toolResult } from '../shared/entries.ts';
import { isEmptyUsage } from '../shared/usage.ts';
import type { DocumentSource, Fold } from '../source.ts';
import { clineSessions } from './place.ts';

const SUFFIX = '.messages.json';
/** A session's name comes from an event and becomes a part of a path. */
const SESSION_NAME = /^[\w-][\w.-]*$/;

/** The messages of each session, written anew after each of them. */
export const sessionMessages: DocumentSource = {
  kind: 'document',
  folders: (place) => [clineSessions(place)],
  includes: (path) => path.endsWith(SUFFIX),
  eventFiles({ sessionId }, place) {
    if (sessionId === null || !SESSION_NAME.test(sessionId)) return { files: [], folders: [] };
    const folder = `${clineSessions(place)}/${sessionId}`;
    // Subagents write beside the session, under names of their own.
    return { files: [`${folder}/${sessionId}${SUFFIX}`], folders: [folder] };
  },
  locate(path) {
    const [sessionId = '', file = ''] = path.split('/').slice(-2);
    const name = file.slice(0, -SUFFIX.length);
    if (name === sessionId) return { kind: 'main', sessionId, agentId: null };
    return { kind: 'sidechain', sessionId, agentId: name };
  },
  companionPaths(path) {
    const folder = path.slice(0, path.lastIndexOf('/'));
    // The user's session, also for a subagent: it has no such file of its own.
    return [`${folder}/${folder.split('/').at(-1) ?? ''}.json`];
  },
  readCompanions([session], fold) {
    const facts = typeof session === 'string' ? asObject(parseJson(session)) : null;
    if (facts !== null) fold['cwd'] = asPath(facts['cwd']) ?? asPath(facts['workspace_root']);
    return null;
  },
  parseDocument,
};

function parseDocument(text: string, fold: Fold): Entry[] {
  const document = asObject(parseJson(text));
  const origin = asObject(document?.['origin']);
  const version = asText(origin?.['version']);
  // The user did not write what a subagent is asked.
  const isAgent = asText(origin?.['parentThreadId']) !== null;
  const cwd = asPath(fold['cwd']);
  const messages = asArray(document?.['messages']);
  const start = findNew(messages, fold);
  let promptId = start === 0 ? null : asText(fold['promptId']);
  const entries = messages.slice(start).flatMap((value, index): Entry[] => {
    const message = asObject(value);
    if (start + index === messages.length - REREAD) fold['promptId'] = promptId;
    if (message?.['role'] === 'user') {
      const entry = readUser(message, cwd, isAgent);
      if (entry.isPrompt) promptId = entry.promptId;
      return [entry];
    }
    const entry = message?.['role'] === 'assistant' ? readRequest(message) : null;
    return entry === null ? [] : [{ ...entry, promptId, cwd, clientVersion: version }];
  });
  fold['count'] = messages.length;
  fold['lastId'] = asText(asObject(messages.at(-1))?.['id']);
  return entries;
}

/** The last messages are read again, because they may have been written before their usage was known. */
const REREAD = 4;

/** The index of the first message to read: a long session is written anew at each of its turns. */
function findNew(messages: unknown[], fold: Fold): number {
  const count = asCount(fold['count']) ?? 0;
  const lastId = asText(asObject(messages[count - 1])?.['id']);
  if (count <= REREAD || lastId === null || lastId !== fold['lastId']) return 0;
  return count - REREAD;
}

function readUser(message: JsonObject, cwd: string | null, isAgent: boolean): UserEntry {
  const id = asText(message['id']);
  const toolResults = readResults(message['content']);
  const isPrompt = toolResults.length === 0 && !isAgent;
  return userEntry({
    uuid: id,
    atMs: asEpochMs(message['ts']),
    promptId: isPrompt ? id : null,
    isPrompt,
    toolResults,
    cwd,
  });
}

/** Null for a message without usage. */
function readRequest(message: JsonObject): RequestEntry | null {
  const parsed = parseUsage(asObject(message['metrics']));
  const id = asText(message['id']);
  if (parsed === null || id === null || isEmptyUsage(parsed)) return null;
  const atMs = asEpochMs(message['ts']);
  const model = asObject(message['modelInfo']);
  return requestEntry({
    // Without the session, so that a copy in another session is the same request.
    messageId: `${id}@${atMs ?? ''}`,
    uuid: id,
    atMs,
    model: asText(model?.['id']) ?? 'unknown',
    parsed,
    toolCalls: readCalls(message['content']),
    billing: {
      provider: nameProvider(asText(model?.['provider'])),
      chargedNanoUsd: statedNanoUsd(asObject(message['metrics'])?.['cost']),
      isCounter: false,
    },
  });
}

/** Null for a server that only speaks OpenAI's API. */
function nameProvider(provider: string | null): string | null {
  if (provider === 'openai-native') return 'openai';
  return provider === 'openai-compatible' ? null : provider;
}

function readCalls(content: unknown): ToolCall[] {
  return asArray(content).flatMap((value) => {
    const block = asObject(value);
    const id = asText(block?.['id']);
    const name = asText(block?.['name']);
    if (block?.['type'] !== 'tool_use' || id === null || name === null) return [];
    const input = asObject(block['input']);
    const command = input?.['command'] ?? asArray(input?.['commands'])[0];
    return [toolCallAbout(id, name, { file: input?.['path'], command })];
  });
}

function readResults(content: unknown): ToolResult[] {
  return asArray(content).flatMap((value) => {
    const block = asObject(value);
    const id = asText(block?.['tool_use_id']);
    if (block?.['type'] !== 'tool_result' || id === null) return [];
    const isPartFailed = asArray(block['content']).some(
      (part) => asObject(part)?.['success'] === false,
    );
    return [toolResult(id, { isFailed: block['is_error'] === true || isPartFailed })];
  });
}
