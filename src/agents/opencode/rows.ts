import { type JsonObject, asCount, asObject, asText, parseJson } from '../../core/lang/json.ts';
import type { Entry, RequestEntry } from '../../core/transcript/entry.ts';
import { parseUsage } from '../../core/usage-shapes/parse.ts';
import { asPath } from '../shared/events.ts';
import { otherEntry, requestEntry, userEntry } from '../shared/entries.ts';
import { isEmptyUsage } from '../shared/usage.ts';
import { statedNanoUsd } from '../shared/cost.ts';
import { asEpochMs } from '../shared/time.ts';
import type { TableSource } from '../source.ts';
import type { TableRead } from '../../core/transcript/table-read.ts';
import { openCodeData } from './place.ts';

/** Prompts and answers. A row is written when its request begins, and again when it has ended. */
const MESSAGES: TableRead = {
  name: 'message',
  columns: ['id', 'session_id', 'time_created', 'time_updated', 'data'],
  cursor: 'time_updated',
  // Another process may commit an earlier time later; OpenCode waits 5 s for a lock.
  overlap: 10_000,
  version: { table: 'session', column: 'version' },
  join: {
    table: 'session',
    by: 'session_id',
    key: 'id',
    columns: {
      parent_id: 'session_parent_id',
      directory: 'session_directory',
      version: 'session_version',
      time_created: 'session_time_created',
    },
  },
};

export const messages: TableSource = {
  kind: 'table',
  table: MESSAGES,
  folders: (place) => [openCodeData(place)],
  // Builds other than the released one have their name in the file's.
  includes: (path) => /\/opencode(?:-[\w.-]+)?\.db$/.test(path),
  eventFiles: (_event, place) => ({ files: [`${openCodeData(place)}/opencode.db`], folders: [] }),
  // The rows name their sessions.
  locate: () => ({ kind: 'main', sessionId: '', agentId: null }),
  parseRow,
};

/** What a row of `message` has besides its data. */
interface MessageRow {
  id: string;
  sessionId: string;
  /** The session that started this one, for a subagent. */
  parentId: string | null;
  directory: string | null;
  version: string | null;
  sessionCreatedMs: number | null;
}

function parseRow(row: Record<string, unknown>): Entry[] {
  const text = row['data'];
  const data = typeof text === 'string' ? asObject(parseJson(text)) : null;
  const id = asText(row['id']);
  const sessionId = asText(row['session_id']);
  if (data === null || id === null || sessionId === null) return [];
  const sessionCreatedMs = asEpochMs(row['session_time_created']);
  const createdMs =
    asEpochMs(row['time_created']) ?? asEpochMs(asObject(data['time'])?.['created']);
  // A fork copies its parent's rows under new ids, with their counts and times.
  if (createdMs !== null && sessionCreatedMs !== null && createdMs < sessionCreatedMs) return [];
  const message: MessageRow = {
    id,
    sessionId,
    parentId: asText(row['session_parent_id']),
    directory: asPath(row['session_directory']),
    version: asText(row['session_version']),
    sessionCreatedMs,
  };
  if (data['role'] === 'user') return promptEntries(message, createdMs);
  if (data['role'] !== 'assistant') return [];
  const request = readRequest(message, data, createdMs);
  return request === null ? [] : [...birthEntries(message), request];
}

function promptEntries(message: MessageRow, atMs: number | null): Entry[] {
  const { id, parentId, sessionId, directory } = message;
  // The user did not write what a subagent is asked.
  if (parentId !== null) return [];
  const prompt = userEntry({
    uuid: id,
    sessionId,
    atMs,
    promptId: id,
    isPrompt: true,
    cwd: directory,
  });
  return [...birthEntries(message), prompt];
}

/** Rows come in the order in which they were last changed, so the first need not be the oldest. */
function birthEntries({ parentId, sessionId, directory, sessionCreatedMs }: MessageRow): Entry[] {
  if (parentId !== null || sessionCreatedMs === null) return [];
  return [otherEntry({ sessionId, atMs: sessionCreatedMs, cwd: directory })];
}

/** Null while the request runs, and for one that ended without usage. */
function readRequest(
  { id, sessionId, parentId, directory, version }: MessageRow,
  data: JsonObject,
  createdMs: number | null,
): RequestEntry | null {
  const completedMs = asEpochMs(asObject(data['time'])?.['completed']);
  const tokens = asObject(data['tokens']);
  const parsed = parseUsage(tokens);
  // By the prices of the user's configuration or else of models.dev: it knows what a provider costs that
  // only the configuration names, so it takes precedence.
  const chargedNanoUsd = statedNanoUsd(data['cost']);
  if (completedMs === null || parsed === null) return null;
  if (isEmptyUsage(parsed) && chargedNanoUsd === null) return null;
  const isAgentThread = parentId !== null;
  return requestEntry({
    messageId: id,
    uuid: id,
    sessionId: parentId ?? sessionId,
    atMs: createdMs ?? completedMs,
    // A subagent's row names the text that it was given, not the user's prompt.
    promptId: isAgentThread ? null : asText(data['parentID']),
    isAgentThread,
    agentId: isAgentThread ? sessionId : null,
    agentType: isAgentThread ? (asText(data['agent']) ?? asText(data['mode'])) : null,
    model: asText(data['modelID']) ?? 'unknown',
    parsed,
    thinkingTokens: asCount(tokens?.['reasoning']),
    cwd: asPath(asObject(data['path'])?.['cwd']) ?? directory,
    clientVersion: version,
    billing: { provider: asText(data['providerID']), chargedNanoUsd, isCounter: false },
  });
}
