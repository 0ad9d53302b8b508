import { bookingTriggers, measureDefinitions } from './booking.ts';
import type { Migration } from './migration.ts';

/** Columns that a record is rolled up by. */
const GROUPS = [
  'session_id',
  'project_id',
  'model',
  'provider',
  'model_class',
  'agent_type',
  'tool_name',
  'client',
  'task_type',
];

/** The first schema: docs/adr/0001-roll-ups-through-a-queue.md tells why roll-ups go by way of a queue. */
export const ledger: Migration = {
  number: 1,
  sql: `
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE projects (
  id INTEGER PRIMARY KEY,
  root TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL
) STRICT;

-- A working directory belongs to the same project for good, also when its folder is gone.
CREATE TABLE project_paths (
  cwd TEXT PRIMARY KEY,
  project_id INTEGER NOT NULL REFERENCES projects (id)
) STRICT, WITHOUT ROWID;

CREATE TABLE sessions (
  session_id TEXT PRIMARY KEY,
  born_at_ms INTEGER,
  parent_session_id TEXT,
  first_at_ms INTEGER,
  last_at_ms INTEGER,
  ${measureDefinitions}
) STRICT;

CREATE TABLE hook_events (
  id INTEGER PRIMARY KEY,
  key TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  client TEXT NOT NULL,
  session_id TEXT,
  agent_id TEXT,
  tool_name TEXT,
  tool_use_id TEXT,
  arrived_at_ms INTEGER NOT NULL,
  duration_ms REAL NOT NULL
) STRICT;

CREATE TABLE cost_records (
  -- Order of arrival; never used twice, so that readers can page and follow by it.
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  message_id TEXT,
  occurred_at_ms INTEGER NOT NULL,
  described_at_ms INTEGER NOT NULL,
  session_id TEXT NOT NULL,
  prompt_id TEXT,
  agent_id TEXT,
  agent_type TEXT,
  parent_agent_id TEXT,
  -- 1: a line names the session as the owner, 2: seen in a main transcript, 4: the main thread's own,
  -- 8: told only by a fork's copies.
  claim_flags INTEGER NOT NULL,
  client TEXT NOT NULL,
  client_version TEXT,
  model TEXT NOT NULL,
  model_raw TEXT NOT NULL,
  provider TEXT,
  model_class TEXT,
  task_type TEXT NOT NULL,
  input_tokens INTEGER NOT NULL,
  output_tokens INTEGER NOT NULL,
  cache_read_tokens INTEGER NOT NULL,
  cache_write_5m_tokens INTEGER NOT NULL,
  cache_write_1h_tokens INTEGER NOT NULL,
  web_search_requests INTEGER NOT NULL,
  service_tier TEXT,
  speed TEXT,
  inference_geo TEXT,
  cost_nano_usd INTEGER,
  price_id TEXT,
  price_basis TEXT NOT NULL,
  is_output_final INTEGER NOT NULL,
  tool_name TEXT,
  hook_event_id INTEGER REFERENCES hook_events (id) ON DELETE SET NULL,
  trace_id TEXT,
  cwd TEXT,
  project_id INTEGER REFERENCES projects (id),
  git_branch TEXT,
  source TEXT NOT NULL,
  metadata TEXT,
  payload_json TEXT
) STRICT;
CREATE INDEX cost_records_by_session ON cost_records (session_id, occurred_at_ms);
CREATE INDEX cost_records_of_payloads ON cost_records (seq) WHERE source = 'payload';
CREATE INDEX cost_records_by_time ON cost_records (occurred_at_ms);

-- Other sessions that hold a request (forks): whoever was born first owns it.
CREATE TABLE record_claims (
  record_seq INTEGER NOT NULL REFERENCES cost_records (seq) ON DELETE CASCADE,
  session_id TEXT NOT NULL,
  claim_json TEXT NOT NULL,
  PRIMARY KEY (record_seq, session_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX record_claims_by_session ON record_claims (session_id);

-- What subagents' files repeat of their main thread under another request id: not billed again, and
-- kept in case the main transcript turns out to hold that request too.
CREATE TABLE replays (
  id TEXT NOT NULL,
  session_id TEXT NOT NULL,
  record_json TEXT NOT NULL,
  PRIMARY KEY (id, session_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE tool_uses (
  record_seq INTEGER NOT NULL REFERENCES cost_records (seq) ON DELETE CASCADE,
  tool_use_id TEXT NOT NULL,
  name TEXT NOT NULL,
  mcp_server TEXT,
  skill TEXT,
  called_at_ms INTEGER NOT NULL,
  duration_ms INTEGER,
  is_failed INTEGER,
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

-- The client's own word, cumulative over resume and fork; a witness, never a record.
CREATE TABLE client_totals (
  session_id TEXT NOT NULL,
  model TEXT NOT NULL,
  started_at_ms INTEGER NOT NULL,
  elapsed_ms INTEGER NOT NULL,
  cost_nano_usd INTEGER NOT NULL,
  input_tokens INTEGER NOT NULL,
  output_tokens INTEGER NOT NULL,
  cache_read_tokens INTEGER NOT NULL,
  cache_write_tokens INTEGER NOT NULL,
  web_search_requests INTEGER NOT NULL,
  PRIMARY KEY (session_id, model, started_at_ms, elapsed_ms)
) STRICT, WITHOUT ROWID;

CREATE TABLE transcripts (
  id INTEGER PRIMARY KEY,
  path TEXT NOT NULL UNIQUE,
  session_id TEXT,
  -- Device and inode: a file put in another's place is read from its start.
  identity TEXT NOT NULL,
  size_bytes INTEGER NOT NULL,
  modified_at_ms REAL NOT NULL,
  cursor_bytes INTEGER NOT NULL,
  -- Fingerprint of the last 4 kB before the cursor: a file rewritten in place is read from its start.
  tail_hash TEXT NOT NULL
) STRICT;

CREATE TABLE thread_state (
  transcript_id INTEGER PRIMARY KEY REFERENCES transcripts (id) ON DELETE CASCADE,
  state_json TEXT NOT NULL
) STRICT;

CREATE TABLE rollups (
  dimension TEXT NOT NULL,
  grain TEXT NOT NULL,
  bucket_ms INTEGER NOT NULL,
  key TEXT NOT NULL,
  ${measureDefinitions},
  PRIMARY KEY (dimension, grain, bucket_ms, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE rollup_pending (
  occurred_at_ms INTEGER NOT NULL,
  session_id TEXT NOT NULL,
  project_id INTEGER,
  model TEXT, provider TEXT, model_class TEXT, agent_type TEXT, tool_name TEXT, client TEXT, task_type TEXT,
  ${measureDefinitions}
) STRICT;
${bookingTriggers(GROUPS)}`,
};
