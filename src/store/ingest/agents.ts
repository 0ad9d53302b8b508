import type { AgentDraft } from '../../core/extract/extraction.ts';
import { UNKNOWN_AGENT_TYPE } from '../../core/record/agent-type.ts';
import { type Sql, prepared } from '../connection/prepared.ts';
import type { Ledger } from '../connection/open.ts';

interface AgentRow {
  session_id: string;
  agent_id: string;
  agent_type: string | null;
  parent_agent_id: string | null;
  spawn_tool_use_id: string | null;
}

/** The thread that made the tool call that started a subagent. */
interface Caller {
  prompt_id: string | null;
  agent_id: string | null;
}

const ANY_WAITING: Sql<[]> = 'SELECT 1 FROM agents WHERE spawn_tool_use_id IS NOT NULL LIMIT 1';
const PUT = `INSERT INTO agents
  VALUES (@sessionId, @agentId, @agentType, @parentAgentId, @spawnToolUseId)
  ON CONFLICT DO UPDATE SET agent_type = coalesce(agent_type, excluded.agent_type),
    parent_agent_id = coalesce(parent_agent_id, excluded.parent_agent_id),
    spawn_tool_use_id = coalesce(spawn_tool_use_id, excluded.spawn_tool_use_id)`;
const SELECT: Sql<[string, string], AgentRow> =
  'SELECT * FROM agents WHERE session_id = ? AND agent_id = ?';
const SELECT_SPAWNED: Sql<[string], AgentRow> = 'SELECT * FROM agents WHERE spawn_tool_use_id = ?';
const SELECT_CALLER: Sql<[string, string], Caller> =
  `SELECT r.prompt_id, r.agent_id FROM tool_uses t
  JOIN cost_records r ON r.seq = t.record_seq
  WHERE t.tool_use_id = ? AND r.session_id = ? LIMIT 1`;
/** What lines state comes first, then what the call asked for, which the record may already have. */
const KNOWN_OR_GIVEN = `coalesce(nullif(nullif(agent_type, '${UNKNOWN_AGENT_TYPE}'), @spawn_type),
  @agent_type, @spawn_type, agent_type)`;
/** If calls of several sessions have one id, their type has to be the same. */
const SELECT_SPAWN_TYPE: Sql<[{ call: string; sessionId: string }], { agent_type: string | null }> =
  `SELECT coalesce(
    (SELECT min(t.subagent_type) FROM tool_uses t JOIN cost_records r ON r.seq = t.record_seq
     WHERE t.tool_use_id = @call AND r.session_id = @sessionId),
    (SELECT iif(min(subagent_type) = max(subagent_type), min(subagent_type), NULL)
     FROM tool_uses WHERE tool_use_id = @call)) AS agent_type`;
const FILL = `UPDATE cost_records SET
    agent_type = ${KNOWN_OR_GIVEN},
    parent_agent_id = coalesce(parent_agent_id, @parent_agent_id),
    prompt_id = coalesce(prompt_id, @prompt_id)
  WHERE session_id = @session_id AND agent_id = @agent_id AND (
    agent_type IS NOT ${KNOWN_OR_GIVEN}
    OR (parent_agent_id IS NULL AND @parent_agent_id IS NOT NULL)
    OR (prompt_id IS NULL AND @prompt_id IS NOT NULL))`;
const SELECT_CALLS: Sql<[string, string], { tool_use_id: string }> =
  `SELECT t.tool_use_id FROM cost_records r
  JOIN tool_uses t ON t.record_seq = r.seq WHERE r.session_id = ? AND r.agent_id = ?`;

/**
 * Stores the subagents and finds, through the tool call that started each, the prompt they work for. The
 * call may be read before or after the subagent's own file, so each side looks for the other.
 */
export class AgentWriter {
  readonly #db: Ledger;

  constructor(db: Ledger) {
    this.#db = db;
  }

  put(agents: Iterable<AgentDraft>): void {
    for (const agent of agents) prepared(this.#db, PUT).run(agent);
  }

  /** Completes the records of these subagents with what is now stored about them. */
  settle(agents: Iterable<AgentDraft>): void {
    for (const { sessionId, agentId } of agents) {
      const row = prepared(this.#db, SELECT).get(sessionId, agentId);
      if (row !== undefined) this.#settle(row, 0);
    }
  }

  /** Calls that were just read may have started subagents that are stored already. */
  settleSpawned(calls: readonly { toolUseId: string }[]): void {
    if (calls.length === 0 || prepared(this.#db, ANY_WAITING).get() === undefined) return;
    for (const { toolUseId } of calls) {
      for (const row of prepared(this.#db, SELECT_SPAWNED).all(toolUseId)) this.#settle(row, 0);
    }
  }

  /** The type that the call asked for. */
  #spawnType(call: string | null, sessionId: string): string | null {
    if (call === null) return null;
    return prepared(this.#db, SELECT_SPAWN_TYPE).get({ call, sessionId })?.agent_type ?? null;
  }

  #settle(row: AgentRow, depth: number): void {
    const call = row.spawn_tool_use_id;
    const caller =
      call === null ? undefined : prepared(this.#db, SELECT_CALLER).get(call, row.session_id);
    const parent_agent_id = row.parent_agent_id ?? caller?.agent_id ?? null;
    const prompt_id = caller?.prompt_id ?? null;
    const spawn_type = this.#spawnType(call, row.session_id);
    const facts = { ...row, spawn_type, parent_agent_id, prompt_id };
    const changed = prepared(this.#db, FILL).run(facts).changes > 0;
    // A subagent whose prompt was found passes it on to the subagents that it started.
    if (!changed || depth > 8) return;
    for (const { tool_use_id } of prepared(this.#db, SELECT_CALLS).all(
      row.session_id,
      row.agent_id,
    )) {
      for (const child of prepared(this.#db, SELECT_SPAWNED).all(tool_use_id))
        this.#settle(child, depth + 1);
    }
  }
}
