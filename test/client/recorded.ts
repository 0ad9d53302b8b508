import type { Ledger } from '../../src/store/connection/open.ts';

/** One request: as in the ledger, or as expected (`due.ts`). */
export interface RecordedCall {
  sessionId: string;
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
  /** In a subagent, the prompt of the call that started it. */
  promptId: string | null;
  /** The agent that made the call that started the subagent. */
  isParentRight: number;
}

/** The ledger's requests, by message. */
export function recordsIn(db: Ledger): RecordedCall[] {
  return db
    .prepare(
      `SELECT r.session_id AS sessionId, r.message_id AS messageId,
         r.trace_id AS requestId, r.model_raw AS model,
         r.input_tokens AS inputTokens, r.output_tokens AS outputTokens,
         r.cache_read_tokens AS cacheReadTokens, r.cache_write_5m_tokens AS cacheWrite5mTokens,
         r.cache_write_1h_tokens AS cacheWrite1hTokens,
         r.web_search_requests AS webSearchRequests, r.speed, r.inference_geo AS inferenceGeo,
         r.cost_nano_usd AS costNanoUsd, r.is_output_final AS isOutputFinal,
         r.task_type AS taskType, r.tool_name AS toolName, r.agent_type AS agentType,
         a.spawn_tool_use_id AS startedBy, r.prompt_id AS promptId,
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
