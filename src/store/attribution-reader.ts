import type { BilledRequest } from '../core/attribute/billed.ts';
import type { Step } from '../core/attribute/step.ts';
import type { Ledger } from './open.ts';
import { EXPRESSIONS, type RecordDimension } from './record-dimensions.ts';
import { type RecordFilter, conditionsOf } from './record-filter.ts';

/** A request of a thread, with what it was made of. */
export interface ThreadStep {
  step: Step;
  /** Null for a replay of another thread's request. */
  request: StoredRequest | null;
  /** Whether its cost is to be told here: it passes the filter, and this thread is the one that tells of it. */
  isCounted: boolean;
}

export interface StoredRequest extends BilledRequest {
  seq: number;
  id: string;
  promptId: string | null;
  /** By the dimensions that were asked for. */
  keys: Partial<Record<RecordDimension, string | null>>;
}

/** The requests of one thread, in their order: what its context went through. */
export interface StoredThread {
  /** Empty for a main thread. */
  agentId: string;
  steps: ThreadStep[];
}

/** What a tool call was about. */
export interface ToolFacts {
  name: string;
  mcpServer: string | null;
  skill: string | null;
  plugin: string | null;
  filePath: string | null;
  commandWord: string | null;
}

/** What is known of a subagent. */
export interface AgentFacts {
  agentId: string;
  agentType: string | null;
  parentAgentId: string | null;
  startedByToolUseId: string | null;
}

interface Row {
  transcript_id: number;
  generation: number;
  agent_id: string;
  record_seq: number | null;
  step_json: string;
  holders: number;
  is_counted: number | null;
}

/** Transcripts read at once: what a report holds in memory. */
const PAGE_TRANSCRIPTS = 50;
const PAGE_ROWS = 5000;

const BILLED = `r.seq, r.id, r.prompt_id AS promptId, r.input_tokens AS inputTokens,
  r.output_tokens AS outputTokens, r.cache_read_tokens AS cacheReadTokens,
  r.cache_write_5m_tokens AS cacheWrite5mTokens, r.cache_write_1h_tokens AS cacheWrite1hTokens,
  r.cost_nano_usd AS costNanoUsd, r.model, r.session_id AS sessionId,
  r.occurred_at_ms AS occurredAtMs, r.input_cost_nano_usd AS inputCostNanoUsd,
  r.output_cost_nano_usd AS outputCostNanoUsd, r.cache_read_cost_nano_usd AS cacheReadCostNanoUsd,
  r.cache_write_cost_nano_usd AS cacheWriteCostNanoUsd,
  r.web_search_cost_nano_usd AS webSearchCostNanoUsd`;
type BilledRow = Omit<BilledRequest, 'parts'> &
  Record<keyof NonNullable<BilledRequest['parts']>, number | null> & {
    seq: number;
    id: string;
    promptId: string | null;
  };

/** Reads what costs are attributed by. Each page is a query of its own, so that no iterator stays open. */
export class AttributionReader {
  readonly #db: Ledger;

  constructor(db: Ledger) {
    this.#db = db;
  }

  /** Every thread that a request of the filter is told by, whole: its context began before. */
  async *threads(
    filter: RecordFilter,
    by: readonly RecordDimension[],
  ): AsyncGenerator<{ threads: StoredThread[]; tools: Map<string, ToolFacts> }> {
    const { conditions, values } = conditionsOf(filter);
    const counted = ['r.seq IS NOT NULL', ...conditions].join(' AND ');
    const page = this.#db.prepare<unknown[], Row & BilledRow>(
      `SELECT s.transcript_id, s.generation, s.agent_id, s.record_seq, s.step_json,
         (SELECT count(*) FROM attribution_steps o WHERE o.record_seq = s.record_seq) AS holders,
         ${BILLED}, ${keyColumns(by)} (${counted}) AS is_counted
       FROM attribution_steps s LEFT JOIN cost_records r ON r.seq = s.record_seq
       LEFT JOIN projects p ON p.id = r.project_id
       WHERE s.transcript_id IN (SELECT value FROM json_each(?))
       ORDER BY s.transcript_id, s.generation, s.ordinal`,
    );
    const ids = this.#transcriptsOf(filter);
    for (let at = 0; at < ids.length; at += PAGE_TRANSCRIPTS) {
      const asked = JSON.stringify(ids.slice(at, at + PAGE_TRANSCRIPTS));
      const threads = new Map<string, StoredThread>();
      for (const row of page.all(...values, asked)) {
        const name = `${row.transcript_id}.${row.generation}.${row.agent_id}`;
        let thread = threads.get(name);
        if (thread === undefined) {
          thread = { agentId: row.agent_id, steps: [] };
          threads.set(name, thread);
        }
        const step = JSON.parse(row.step_json) as Step;
        const request = row.record_seq === null ? null : requestOf(row, by);
        const isTold = row.holders === 1 || this.#teller(row.record_seq) === name;
        thread.steps.push({ step, request, isCounted: row.is_counted === 1 && isTold });
      }
      yield { threads: [...threads.values()], tools: this.#tools(asked) };
    }
  }

  /** Requests of the filter that no thread tells of, oldest rows first. */
  async *untold(
    filter: RecordFilter,
    by: readonly RecordDimension[],
  ): AsyncGenerator<StoredRequest[]> {
    const { conditions, values } = conditionsOf(filter);
    const where = ['r.seq > ?', ...conditions].join(' AND ');
    const page = this.#db.prepare<unknown[], BilledRow>(
      `SELECT ${keyColumns(by)} ${BILLED} FROM cost_records r
       LEFT JOIN projects p ON p.id = r.project_id
       WHERE ${where}
         AND NOT EXISTS (SELECT 1 FROM attribution_steps s WHERE s.record_seq = r.seq)
       ORDER BY r.seq LIMIT ${PAGE_ROWS}`,
    );
    let after = 0;
    for (;;) {
      const rows = page.all(after, ...values);
      const last = rows.at(-1);
      if (last === undefined) return;
      after = last.seq;
      yield rows.map((row) => requestOf(row, by));
    }
  }

  /** What is known of a call whose request is in none of the threads that were read. */
  async tool(toolUseId: string): Promise<ToolFacts | null> {
    const row = this.#db
      .prepare<[string], ToolFacts>(
        `SELECT ${TOOL_FACTS} FROM tool_uses u WHERE u.tool_use_id = ? LIMIT 1`,
      )
      .get(toolUseId);
    return row ?? null;
  }

  /** The subagents of a session, as far as they are known. */
  async agents(sessionId: string): Promise<AgentFacts[]> {
    return this.#db
      .prepare<[string], AgentFacts>(
        `SELECT agent_id AS agentId, agent_type AS agentType, parent_agent_id AS parentAgentId,
           spawn_tool_use_id AS startedByToolUseId FROM agents WHERE session_id = ?`,
      )
      .all(sessionId);
  }

  /** Requests that a text names: the start of their id (a message's), or the vendor's request id. */
  async requestsLike(text: string): Promise<{ id: string; sessionId: string }[]> {
    const select = 'SELECT id, session_id AS sessionId FROM cost_records WHERE';
    const found = this.#db
      .prepare<unknown[], { id: string; sessionId: string }>(
        `${select} id >= ? AND id < ? ORDER BY id LIMIT 3`,
      )
      .all(text, `${text}\u{10FFFF}`);
    if (found.length > 0) return found;
    return this.#db
      .prepare<unknown[], { id: string; sessionId: string }>(`${select} trace_id = ? LIMIT 3`)
      .all(text);
  }

  #transcriptsOf(filter: RecordFilter): number[] {
    const { conditions, values } = conditionsOf(filter);
    const sql =
      conditions.length === 0
        ? 'SELECT id FROM transcripts ORDER BY id'
        : `SELECT DISTINCT s.transcript_id FROM cost_records r
           LEFT JOIN projects p ON p.id = r.project_id
           JOIN attribution_steps s ON s.record_seq = r.seq
           WHERE ${conditions.join(' AND ')} ORDER BY 1`;
    return this.#db
      .prepare(sql)
      .pluck()
      .all(...values) as number[];
  }

  /**
   * Of several threads that hold a request (forks, copies in progress lines, a file that was replaced)
   * the one that tells of it: its session's, its agent's, in a file of its own, the newest file.
   */
  #teller(recordSeq: number | null): string | null {
    const row = this.#db
      .prepare<[number | null], Pick<Row, 'transcript_id' | 'generation' | 'agent_id'>>(
        `SELECT s.transcript_id, s.generation, s.agent_id FROM attribution_steps s
         JOIN transcripts t ON t.id = s.transcript_id JOIN cost_records r ON r.seq = s.record_seq
         WHERE s.record_seq = ?
         ORDER BY t.session_id IS r.session_id DESC, s.agent_id = coalesce(r.agent_id, '') DESC,
           s.is_inline, s.generation DESC, t.path, s.agent_id, s.ordinal LIMIT 1`,
      )
      .get(recordSeq);
    return row === undefined ? null : `${row.transcript_id}.${row.generation}.${row.agent_id}`;
  }

  #tools(transcriptIds: string): Map<string, ToolFacts> {
    const rows = this.#db
      .prepare<[string], ToolFacts & { toolUseId: string }>(
        `SELECT u.tool_use_id AS toolUseId, ${TOOL_FACTS} FROM attribution_steps s
         JOIN tool_uses u ON u.record_seq = s.record_seq
         WHERE s.transcript_id IN (SELECT value FROM json_each(?))`,
      )
      .all(transcriptIds);
    return new Map(rows.map(({ toolUseId, ...facts }) => [toolUseId, facts]));
  }
}

const TOOL_FACTS = `u.name, u.mcp_server AS mcpServer, u.skill, u.plugin, u.file_path AS filePath,
  u.command_word AS commandWord`;

function keyColumns(by: readonly RecordDimension[]): string {
  return by.map((name, index) => `${EXPRESSIONS[name]} AS k${index},`).join(' ');
}

function requestOf(row: BilledRow, by: readonly RecordDimension[]): StoredRequest {
  const values = row as unknown as Record<string, string | null>;
  const keys: StoredRequest['keys'] = {};
  for (const [index, name] of by.entries()) keys[name] = values[`k${index}`] ?? null;
  const { inputCostNanoUsd, outputCostNanoUsd, webSearchCostNanoUsd } = row;
  const { cacheReadCostNanoUsd, cacheWriteCostNanoUsd } = row;
  return {
    seq: row.seq,
    id: row.id,
    promptId: row.promptId,
    keys,
    inputTokens: row.inputTokens,
    outputTokens: row.outputTokens,
    cacheReadTokens: row.cacheReadTokens,
    cacheWrite5mTokens: row.cacheWrite5mTokens,
    cacheWrite1hTokens: row.cacheWrite1hTokens,
    costNanoUsd: row.costNanoUsd,
    parts:
      outputCostNanoUsd === null
        ? null
        : {
            inputCostNanoUsd: inputCostNanoUsd ?? 0,
            outputCostNanoUsd,
            cacheReadCostNanoUsd: cacheReadCostNanoUsd ?? 0,
            cacheWriteCostNanoUsd: cacheWriteCostNanoUsd ?? 0,
            webSearchCostNanoUsd: webSearchCostNanoUsd ?? 0,
          },
    model: row.model,
    sessionId: row.sessionId,
    occurredAtMs: row.occurredAtMs,
  };
}
