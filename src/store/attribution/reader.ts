import { UNKNOWN_AGENT_TYPE } from '../../core/record/agent-type.ts';
import type { BilledRequest } from '../../core/attribution/billed.ts';
import type { Step } from '../../core/attribution/step.ts';
import type { ToolCall } from '../../core/transcript/entry.ts';
import type { Ledger } from '../connection/open.ts';
import { EXPRESSIONS, type RecordDimension } from '../records/dimensions.ts';
import { type RecordFilter, buildConditions } from '../records/filter.ts';

/** A step of a thread, with the request that it led to. */
export interface ThreadStep {
  step: Step;
  /** Null for a replay of another thread's request. */
  request: AttributedRequest | null;
  /**
   * Whether its cost is reported here: it passes the filter, and this thread is the one that reports it.
   */
  isCounted: boolean;
}

export interface AttributedRequest extends BilledRequest {
  seq: number;
  id: string;
  promptId: string | null;
  /** Values of the requested dimensions. */
  keys: Partial<Record<RecordDimension, string | null>>;
}

/** The requests of one thread in order: the history of its context. */
export interface StoredThread {
  /** Empty for a main thread. */
  agentId: string;
  steps: ThreadStep[];
}

/** Facts about a tool call. */
export type ToolFacts = Omit<ToolCall, 'toolUseId'>;

/** Facts about a subagent. */
export interface AgentFacts {
  agentId: string;
  agentType: string | null;
  parentAgentId: string | null;
  startedByToolUseId: string | null;
}

/** Identifies a thread: its transcript, how often that was replaced, and its agent. */
interface ThreadName {
  transcript_id: number;
  generation: number;
  agent_id: string;
}

/** Transcripts read at once; limits the memory that a report needs. */
const PAGE_TRANSCRIPTS = 50;
const PAGE_ROWS = 5000;

/** In the order that `toAttributedRequest` expects. */
const BILLED = `r.seq, r.id, r.prompt_id, r.model, r.session_id, r.occurred_at_ms, r.input_tokens,
  r.output_tokens, r.cache_read_tokens, r.cache_write_5m_tokens, r.cache_write_1h_tokens,
  r.web_search_requests, r.cost_nano_usd, r.input_cost_nano_usd, r.output_cost_nano_usd, r.cache_read_cost_nano_usd,
  r.cache_write_cost_nano_usd, r.web_search_cost_nano_usd`;
const BILLED_COLUMNS = 18;

/** A row as an array: creating an object with two dozen names takes longer than reading the row. */
type RawRow = (string | number | null)[];

/** Reads the data for attributing costs. Each page is a separate query, so that no iterator stays open. */
export class AttributionReader {
  readonly #db: Ledger;

  constructor(db: Ledger) {
    this.#db = db;
  }

  /** Every thread with a request that passes the filter, with all its steps: its context began earlier. */
  async *threads(
    filter: RecordFilter,
    by: readonly RecordDimension[],
  ): AsyncGenerator<{ threads: StoredThread[]; tools: Map<string, ToolFacts> }> {
    const { conditions, values } = buildConditions(filter);
    const counted = ['r.seq IS NOT NULL', ...conditions].join(' AND ');
    const page = this.#db
      .prepare(
        `SELECT ${BILLED}, ${keyColumns(by)} s.transcript_id, s.generation, s.agent_id, s.step_json,
           (SELECT count(*) FROM attribution_steps o WHERE o.record_seq = s.record_seq),
           (${counted})
         FROM attribution_steps s LEFT JOIN cost_records r ON r.seq = s.record_seq
         LEFT JOIN projects p ON p.id = r.project_id
         WHERE s.transcript_id IN (SELECT value FROM json_each(?))
         ORDER BY s.transcript_id, s.generation, s.ordinal`,
      )
      .raw();
    const ids = this.#selectTranscripts(filter);
    for (let at = 0; at < ids.length; at += PAGE_TRANSCRIPTS) {
      const transcriptIds = JSON.stringify(ids.slice(at, at + PAGE_TRANSCRIPTS));
      const threads = new Map<string, StoredThread>();
      for (const row of page.all(...values, transcriptIds) as RawRow[]) {
        const [transcriptId, generation, agentId, stepJson, holders, isCounted] = row.slice(
          BILLED_COLUMNS + by.length,
        );
        const name = `${transcriptId}.${generation}.${agentId}`;
        let thread = threads.get(name);
        if (thread === undefined) {
          thread = { agentId: String(agentId), steps: [] };
          threads.set(name, thread);
        }
        const seq = row[0] as number | null;
        thread.steps.push({
          step: JSON.parse(String(stepJson)) as Step,
          request: seq === null ? null : toAttributedRequest(row, by),
          isCounted: isCounted === 1 && (holders === 1 || this.#reportingThread(seq) === name),
        });
      }
      yield { threads: [...threads.values()], tools: this.#tools(transcriptIds) };
    }
  }

  /** Requests that pass the filter but are part of no thread, oldest rows first. */
  async *requestsWithoutThread(
    filter: RecordFilter,
    by: readonly RecordDimension[],
  ): AsyncGenerator<AttributedRequest[]> {
    const { conditions, values } = buildConditions(filter);
    const where = ['r.seq > ?', ...conditions].join(' AND ');
    const page = this.#db
      .prepare(
        `SELECT ${BILLED}, ${keyColumns(by)} NULL FROM cost_records r
         LEFT JOIN projects p ON p.id = r.project_id
         WHERE ${where}
           AND NOT EXISTS (SELECT 1 FROM attribution_steps s WHERE s.record_seq = r.seq)
         ORDER BY r.seq LIMIT ${PAGE_ROWS}`,
      )
      .raw();
    let after = 0;
    for (;;) {
      const rows = page.all(after, ...values) as RawRow[];
      const last = rows.at(-1);
      if (last === undefined) return;
      after = Number(last[0]);
      yield rows.map((row) => toAttributedRequest(row, by));
    }
  }

  /** Facts about a call whose request is in none of the threads that were read. */
  async tool(toolUseId: string): Promise<ToolFacts | null> {
    const row = this.#db
      .prepare<[string], ToolFacts>(
        `SELECT ${TOOL_FACTS} FROM tool_uses u WHERE u.tool_use_id = ? LIMIT 1`,
      )
      .get(toolUseId);
    return row ?? null;
  }

  /** The recorded subagents of a session. */
  async agents(sessionId: string): Promise<AgentFacts[]> {
    return this.#db
      .prepare<[string], AgentFacts>(
        `SELECT a.agent_id AS agentId, a.parent_agent_id AS parentAgentId,
           a.spawn_tool_use_id AS startedByToolUseId,
           coalesce(a.agent_type, (SELECT r.agent_type FROM cost_records r
             WHERE r.session_id = a.session_id AND r.agent_id = a.agent_id
             ORDER BY r.agent_type = '${UNKNOWN_AGENT_TYPE}', r.agent_type LIMIT 1)) AS agentType
         FROM agents a WHERE a.session_id = ?`,
      )
      .all(sessionId);
  }

  /** Requests whose id starts with a text (a message's id), or whose vendor request id it is. */
  async requestsLike(text: string): Promise<{ id: string; sessionId: string }[]> {
    const select = 'SELECT id, session_id AS sessionId FROM cost_records WHERE';
    const matches = this.#db
      .prepare<unknown[], { id: string; sessionId: string }>(
        `${select} id >= ? AND id < ? ORDER BY id LIMIT 3`,
      )
      .all(text, `${text}\u{10FFFF}`);
    if (matches.length > 0) return matches;
    return this.#db
      .prepare<unknown[], { id: string; sessionId: string }>(`${select} trace_id = ? LIMIT 3`)
      .all(text);
  }

  #selectTranscripts(filter: RecordFilter): number[] {
    const { conditions, values } = buildConditions(filter);
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
   * If several threads contain a request (forks, copies in progress lines, a replaced file), the one
   * that reports it: preferably of the request's session, of its agent, in a file of its own, the newest
   * file.
   */
  #reportingThread(recordSeq: number | null): string | null {
    const row = this.#db
      .prepare<[number | null], ThreadName>(
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

function toAttributedRequest(row: RawRow, by: readonly RecordDimension[]): AttributedRequest {
  const count = (column: number): number => (row[column] ?? 0) as number;
  const keys: AttributedRequest['keys'] = {};
  for (const [index, name] of by.entries()) {
    keys[name] = (row[BILLED_COLUMNS + index] ?? null) as string | null;
  }
  const hasParts = row[14] !== null;
  return {
    seq: count(0),
    id: row[1] as string,
    promptId: row[2] as string | null,
    model: row[3] as string,
    sessionId: row[4] as string,
    occurredAtMs: count(5),
    inputTokens: count(6),
    outputTokens: count(7),
    cacheReadTokens: count(8),
    cacheWrite5mTokens: count(9),
    cacheWrite1hTokens: count(10),
    webSearchRequests: count(11),
    costNanoUsd: row[12] as number | null,
    parts: hasParts
      ? {
          inputCostNanoUsd: count(13),
          outputCostNanoUsd: count(14),
          cacheReadCostNanoUsd: count(15),
          cacheWriteCostNanoUsd: count(16),
          webSearchCostNanoUsd: count(17),
        }
      : null,
    keys,
  };
}
