/**
 * Tool calls, subagents, and the steps that costs are attributed by
 * (docs/adr/0009-shares-are-computed.md).
 */
export const toolTables = `
CREATE TABLE tool_uses (
  record_seq INTEGER NOT NULL REFERENCES cost_records (seq) ON DELETE CASCADE,
  tool_use_id TEXT NOT NULL,
  name TEXT NOT NULL,
  mcp_server TEXT,
  skill TEXT,
  called_at_ms INTEGER NOT NULL,
  duration_ms INTEGER,
  is_failed INTEGER,
  plugin TEXT,
  file_path TEXT,
  command_word TEXT,
  PRIMARY KEY (record_seq, tool_use_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX tool_uses_by_id ON tool_uses (tool_use_id);

-- Results that arrived before their call was read.
CREATE TABLE tool_results (
  tool_use_id TEXT PRIMARY KEY,
  duration_ms INTEGER,
  is_failed INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE agents (
  session_id TEXT NOT NULL,
  agent_id TEXT NOT NULL,
  agent_type TEXT,
  parent_agent_id TEXT,
  spawn_tool_use_id TEXT,
  PRIMARY KEY (session_id, agent_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX agents_by_spawn ON agents (spawn_tool_use_id);

CREATE TABLE attribution_steps (
  transcript_id INTEGER NOT NULL REFERENCES transcripts (id) ON DELETE CASCADE,
  -- Incremented when another file replaces the transcript.
  generation INTEGER NOT NULL,
  ordinal INTEGER NOT NULL,
  -- The agent whose thread it is; empty: the main thread.
  agent_id TEXT NOT NULL,
  -- Written inside another thread's file.
  is_inline INTEGER NOT NULL,
  record_seq INTEGER REFERENCES cost_records (seq) ON DELETE SET NULL,
  -- Number of lines read; if a step is read twice, the longer one is kept.
  line_count INTEGER NOT NULL,
  step_json TEXT NOT NULL,
  PRIMARY KEY (transcript_id, generation, ordinal)
) STRICT, WITHOUT ROWID;

CREATE INDEX attribution_steps_by_record ON attribution_steps (record_seq);
`;
