import { asCount, asText } from '../../core/lang/json.ts';
import type { Entry } from '../../core/transcript/entry.ts';
import { parseUsage } from '../../core/usage-shapes/parse.ts';
import { asPath } from '../shared/events.ts';
import { otherEntry, requestEntry } from '../shared/entries.ts';
import { asSqliteTimeMs } from '../shared/time.ts';
import type { TableSource } from '../source.ts';
import type { TableRead } from '../../core/transcript/table-read.ts';
import { storePath, stateFolder } from './place.ts';

/** One row for each request, subagents' included; rows are only ever added. */
const USAGE_EVENTS: TableRead = {
  name: 'assistant_usage_events',
  columns: [
    'id',
    'session_id',
    'turn_index',
    'agent_id',
    'parent_tool_call_id',
    'model',
    'input_tokens',
    'output_tokens',
    'cache_read_tokens',
    'cache_write_tokens',
    'reasoning_tokens',
    'created_at',
  ],
  cursor: 'id',
  join: {
    table: 'sessions',
    by: 'session_id',
    key: 'id',
    columns: { cwd: 'session_cwd', branch: 'session_branch', created_at: 'session_created_at' },
  },
};

export const usageEvents: TableSource = {
  kind: 'table',
  table: USAGE_EVENTS,
  folders: (place) => [stateFolder(place)],
  includes: (path) => path.endsWith('/session-store.db'),
  eventFiles: (_event, place) => ({ files: [storePath(place)], folders: [] }),
  // The rows name their sessions.
  locate: () => ({ kind: 'main', sessionId: '', agentId: null }),
  parseRow,
};

function parseRow(row: Record<string, unknown>): Entry[] {
  const sessionId = asText(row['session_id']);
  const id = row['id'];
  const atMs = asSqliteTimeMs(row['created_at']);
  const model = asText(row['model']) ?? 'unknown';
  const parsed = parseUsage({
    inputTokens: row['input_tokens'] ?? 0,
    outputTokens: row['output_tokens'] ?? 0,
    cacheReadTokens: row['cache_read_tokens'],
    cacheWriteTokens: row['cache_write_tokens'],
    reasoningTokens: row['reasoning_tokens'],
  });
  if (sessionId === null || typeof id !== 'number' || parsed === null) return [];
  const agentId = asText(row['agent_id']);
  const turn = row['turn_index'];
  const cwd = asPath(row['session_cwd']);
  return [
    otherEntry({ sessionId, atMs: asSqliteTimeMs(row['session_created_at']), cwd }),
    requestEntry({
      // Unique in its store; another store that restarts the numbers has other sessions.
      messageId: `${sessionId}:${id}`,
      sessionId,
      atMs,
      promptId: typeof turn === 'number' ? `${sessionId}:turn-${turn}` : null,
      isAgentThread: agentId !== null,
      agentId,
      spawnToolUseId: asText(row['parent_tool_call_id']),
      model,
      parsed,
      thinkingTokens: asCount(row['reasoning_tokens']),
      cwd,
      gitBranch: asText(row['session_branch']),
      billing: { provider: null, chargedNanoUsd: null, isCounter: false },
    }),
  ];
}
