import { costOf, lookupPrice } from '../../src/core/price.ts';
import { parseAnthropicUsage } from '../../src/core/parse-usage.ts';
import { builtinPrices } from '../../src/pricing/table.ts';
import type { Ledger } from '../../src/store/open.ts';
import { type ToolOutcome, threadOf } from './scenario.ts';
import type { ServedCall, ServedTool } from './scripted-api.ts';

/** One request: as the ledger holds it, or as it has to. */
export interface RecordedCall {
  messageId: string;
  requestId: string;
  model: string;
  inputTokens: number;
  outputTokens: number;
  cacheReadTokens: number;
  cacheWrite5mTokens: number;
  cacheWrite1hTokens: number;
  webSearchRequests: number;
  speed: string | null;
  inferenceGeo: string | null;
  costNanoUsd: number;
  isOutputFinal: number;
  taskType: string;
  toolName: string | null;
  agentType: string | null;
  /** The tool call that started the subagent. */
  startedBy: string | null;
  /** It has a prompt: in a subagent, that of the call that started it. */
  isPromptRight: number;
  isParentRight: number;
}

/**
 * What a served call has to become.
 * @param all everything served, to find who started its thread
 * @param isIncomplete the transcript kept the counts that the message started with
 */
export function recordOf(call: ServedCall, all: ServedCall[], isIncomplete: boolean): RecordedCall {
  const usage = isIncomplete ? { ...call.usage, output_tokens: 1 } : call.usage;
  const parsed = parseAnthropicUsage(usage, call.model);
  const { row } = lookupPrice(builtinPrices(), call.model, Date.now(), 'none');
  if (parsed === null || row === null) throw new Error(`no usage or no price: ${call.model}`);
  const starter = starterOf(call, all);
  return {
    messageId: call.messageId,
    requestId: call.requestId,
    model: call.model,
    ...parsed.usage,
    speed: call.usage.speed,
    inferenceGeo: call.usage.inference_geo,
    costNanoUsd: costOf(parsed, row),
    isOutputFinal: isIncomplete ? 0 : 1,
    taskType: starter === null ? 'main' : 'subagent',
    toolName: call.tools[0]?.name ?? null,
    agentType: starter === null ? null : String(starter.input['subagent_type']),
    startedBy: starter?.id ?? null,
    isPromptRight: 1,
    isParentRight: 1,
  };
}

function starterOf(call: ServedCall, all: ServedCall[]): ServedTool | null {
  if (call.thread === 'main') return null;
  const starts = (tool: ServedTool): boolean =>
    tool.name === 'Agent' && threadOf(String(tool.input['prompt'])) === call.thread;
  return all.flatMap(({ tools }) => tools).find(starts) ?? null;
}

/** The ledger's requests, by message. */
export function recordsIn(db: Ledger): RecordedCall[] {
  return db
    .prepare(
      `SELECT r.message_id AS messageId, r.trace_id AS requestId, r.model_raw AS model,
         r.input_tokens AS inputTokens, r.output_tokens AS outputTokens,
         r.cache_read_tokens AS cacheReadTokens, r.cache_write_5m_tokens AS cacheWrite5mTokens,
         r.cache_write_1h_tokens AS cacheWrite1hTokens,
         r.web_search_requests AS webSearchRequests, r.speed, r.inference_geo AS inferenceGeo,
         r.cost_nano_usd AS costNanoUsd, r.is_output_final AS isOutputFinal,
         r.task_type AS taskType, r.tool_name AS toolName, r.agent_type AS agentType,
         a.spawn_tool_use_id AS startedBy,
         r.prompt_id IS NOT NULL AND (r.agent_id IS NULL OR r.prompt_id = s.prompt_id)
           AS isPromptRight,
         r.parent_agent_id IS s.agent_id AS isParentRight
       FROM cost_records r
       LEFT JOIN agents a ON a.session_id = r.session_id AND a.agent_id = r.agent_id
       LEFT JOIN tool_uses t ON t.tool_use_id = a.spawn_tool_use_id
       LEFT JOIN cost_records s ON s.seq = t.record_seq
       ORDER BY r.message_id`,
    )
    .all() as RecordedCall[];
}

export type ToolUses = Record<string, { name: string; isFailed: number | null }>;

/** The ledger's tool calls, by their id. */
export function toolUsesIn(db: Ledger): ToolUses {
  const sql = 'SELECT tool_use_id AS id, name, is_failed AS isFailed FROM tool_uses';
  const rows = db.prepare(sql).all() as { id: string; name: string; isFailed: number | null }[];
  return Object.fromEntries(rows.map(({ id, ...use }) => [id, use]));
}

const FAILED: Record<ToolOutcome, number | null> = { ok: 0, failed: 1, none: null };

/** The tool calls that the ledger has to hold. */
export function toolUsesOf(calls: ServedCall[]): ToolUses {
  const tools = calls.flatMap((call) => call.tools);
  return Object.fromEntries(
    tools.map(({ id, name, outcome }) => [id, { name, isFailed: FAILED[outcome] }]),
  );
}
