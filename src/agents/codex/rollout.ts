import {
  type JsonObject,
  asCount,
  asObject,
  asText,
  asTimeMs,
  parseJson,
} from '../../core/lang/json.ts';
import type { Entry, LineOrigin } from '../../core/transcript/entry.ts';
import type { BilledUsage } from '../../core/usage/usage.ts';
import { parseUsage } from '../../core/usage-shapes/parse.ts';
import { otherEntry, promptEntry, requestEntry, toolResultsEntry } from '../shared/entries.ts';
import type { AgentPlace, Fold, LinesSource } from '../source.ts';
import { readRise } from './counters.ts';
import { factsOf, modelOf, noteMeta, noteTurn, foldText } from './thread.ts';
import { keepCall, keepOutcome, takeCalls, takeResult } from './tools.ts';

const THREAD_ID = /([\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12})\.jsonl$/i;

export function codexHome({ home, env }: AgentPlace): string {
  return env['CODEX_HOME'] || `${home}/.codex`;
}

/** A thread's rollout: one file for each session, fork and subagent; a resumed session goes on in its own. */
export const rollouts: LinesSource = {
  kind: 'lines',
  folders: (place) =>
    ['sessions', 'archived_sessions'].map((name) => `${codexHome(place)}/${name}`),
  includes: (path) => path.endsWith('.jsonl'),
  eventFiles: () => ({ files: [], folders: [] }),
  locate: (path) => {
    const name = path.split('/').at(-1) ?? '';
    const sessionId = THREAD_ID.exec(name)?.[1] ?? name.replace(/\.jsonl$/, '');
    // Whether the thread is a subagent's is in its first line only.
    return { kind: 'main', sessionId, agentId: null };
  },
  parseLine: parseRolloutLine,
};

/** The entries of one line of a rollout (0.2 to 0.171). Never throws. */
function parseRolloutLine(line: string, fold: Fold): Entry[] {
  const value = asObject(parseJson(line));
  if (value === null) return [{ type: 'unreadable', chars: line.length }];
  const payload = asObject(value['payload']) ?? {};
  const atMs = asTimeMs(value['timestamp']);
  switch (value['type']) {
    case 'session_meta':
      noteMeta(payload, fold);
      break;
    case 'turn_context':
      noteTurn(payload, fold);
      break;
    case 'token_usage_record':
      return [usageRecord(payload, atMs, fold) ?? otherEntry(originOf(atMs, fold))];
    case 'response_item':
      return [responseItem(payload, atMs, fold)];
    case 'event_msg':
      return [eventMessage(payload, atMs, fold)];
  }
  return [otherEntry(originOf(atMs, fold))];
}

function originOf(atMs: number | null, fold: Fold): Partial<LineOrigin> {
  const isAgentThread = foldText(fold, 'agentType') !== null;
  return {
    sessionId: foldText(fold, 'session'),
    atMs,
    isAgentThread,
    agentId: isAgentThread ? foldText(fold, 'thread') : null,
    cwd: foldText(fold, 'cwd'),
  };
}

function usageRecord(record: JsonObject, atMs: number | null, fold: Fold): Entry | null {
  const model = modelOf(asText(record['turn_id']), fold);
  const parsed = parseUsage({ usage: record['usage'] }, { model });
  if (parsed === null) return null;
  // Both kinds of lines are written; this one names its response.
  fold['hasRecords'] = true;
  const owner = asText(record['session_id']);
  const thread = asText(record['thread_id']);
  const isAgentThread = thread !== null && owner !== null ? thread !== owner : isAgent(fold);
  return request(parsed, record['usage'], fold, {
    ...originOf(atMs, fold),
    isAgentThread,
    agentId: isAgentThread ? (thread ?? foldText(fold, 'thread')) : null,
    messageId: asText(record['response_id']) ?? `${thread ?? ''}:${atMs}`,
    // A fork may have copied the line.
    ownerSessionId: owner === foldText(fold, 'session') ? null : owner,
    promptId: asText(record['root_turn_id']) ?? asText(record['turn_id']),
    model,
  });
}

function tokenCount(event: JsonObject, atMs: number | null, fold: Fold): Entry | null {
  const info = asObject(event['info']);
  const rise = readRise(info, fold);
  if (rise === null || fold['hasRecords'] === true) return null;
  const model = foldText(fold, 'model') ?? asText(info?.['model']) ?? 'unknown';
  const parsed = parseUsage({ usage: rise.usage }, { model });
  if (parsed === null) return null;
  return request(parsed, rise.usage, fold, {
    ...originOf(atMs, fold),
    messageId: `${foldText(fold, 'lineage') ?? ''}${rise.key}`,
    promptId: foldText(fold, 'turn'),
    model,
    isCounter: true,
  });
}

function request(
  parsed: BilledUsage,
  usage: unknown,
  fold: Fold,
  stated: Partial<LineOrigin> & {
    messageId: string;
    model: string;
    ownerSessionId?: string | null;
    isCounter?: boolean;
  },
): Entry {
  const { isCounter = false, ...facts } = stated;
  return requestEntry({
    ...facts,
    ...factsOf(fold),
    parsed,
    agentType: facts.isAgentThread === true ? foldText(fold, 'agentType') : null,
    toolCalls: takeCalls(fold),
    thinkingTokens: asCount(asObject(usage)?.['reasoning_output_tokens']),
    billing: { provider: foldText(fold, 'provider'), chargedNanoUsd: null, isCounter },
  });
}

function isAgent(fold: Fold): boolean {
  return foldText(fold, 'agentType') !== null;
}

function responseItem(item: JsonObject, atMs: number | null, fold: Fold): Entry {
  switch (item['type']) {
    case 'function_call':
    case 'custom_tool_call':
    case 'local_shell_call':
      keepCall(item, fold);
      break;
    case 'function_call_output':
    case 'custom_tool_call_output': {
      const result = takeResult(item, fold);
      if (result !== null) return toolResultsEntry(originOf(atMs, fold), [result]);
    }
  }
  return otherEntry(originOf(atMs, fold));
}

function eventMessage(event: JsonObject, atMs: number | null, fold: Fold): Entry {
  const origin = originOf(atMs, fold);
  switch (event['type']) {
    case 'token_count':
      return tokenCount(event, atMs, fold) ?? otherEntry(origin);
    case 'task_started':
      // What an interrupted turn called, or what was copied from the parent, is not this turn's.
      takeCalls(fold);
      noteTurn(event, fold);
      break;
    case 'user_message':
      return prompt(origin, foldText(fold, 'turn'), atMs, fold);
    case 'item_completed':
      if (asObject(event['item'])?.['type'] === 'UserMessage') {
        return prompt(origin, asText(event['turn_id']) ?? foldText(fold, 'turn'), atMs, fold);
      }
      keepOutcome(event, fold);
      break;
    case 'exec_command_end':
    case 'patch_apply_end':
    case 'mcp_tool_call_end':
      keepOutcome(event, fold);
  }
  return otherEntry(origin);
}

/** Before turns had ids, a prompt is named by its line. */
function prompt(
  origin: Partial<LineOrigin>,
  turnId: string | null,
  atMs: number | null,
  fold: Fold,
): Entry {
  const promptId = isAgent(fold) ? foldText(fold, 'turn') : turnId;
  return promptEntry({
    ...origin,
    promptId,
    uuid: promptId ?? `${foldText(fold, 'thread')}:${atMs}`,
  });
}
