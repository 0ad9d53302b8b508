/** The dimensions that records can be grouped by, as expressions over `cost_records r`, `projects p`. */
export const EXPRESSIONS = {
  model: 'r.model',
  provider: 'r.provider',
  class: 'r.model_class',
  session: 'r.session_id',
  prompt: 'r.prompt_id',
  // A subagent without an id is still not the main thread.
  agent: 'coalesce(r.agent_id, r.agent_type)',
  'agent-type': 'r.agent_type',
  tool: 'r.tool_name',
  'mcp-server': ofFirstTool('mcp_server'),
  skill: ofFirstTool('skill'),
  project: 'p.root',
  branch: 'r.git_branch',
  pr: pullRequest(),
  task: 'r.task_type',
  client: 'r.client',
  'client-version': 'r.client_version',
} as const;

export type RecordDimension = keyof typeof EXPRESSIONS;

export const RECORD_DIMENSIONS = Object.keys(EXPRESSIONS) as RecordDimension[];

/** A column of the tool call that gave the record its `tool_name`. */
function ofFirstTool(column: 'mcp_server' | 'skill'): string {
  return `(SELECT t.${column} FROM tool_uses t WHERE t.record_seq = r.seq AND t.name = r.tool_name
    ORDER BY t.called_at_ms LIMIT 1)`;
}

/**
 * The pull request that a request led to, of those that its session created or mentioned: the first one
 * after the request, else the last one before it.
 */
function pullRequest(): string {
  return `(SELECT l.name FROM pull_requests l WHERE l.session_id = r.session_id
    ORDER BY l.linked_at_ms < r.occurred_at_ms, abs(l.linked_at_ms - r.occurred_at_ms), l.name LIMIT 1)`;
}
