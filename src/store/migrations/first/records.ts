/** Requests, the sessions that claim them, their earlier prices, and marks of deleted ones. */
export const recordTables = `
CREATE TABLE cost_records (
  -- Order of arrival. Never reused, so that readers can page and follow by it.
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
  -- 1: a line names the session as the owner, 2: seen in a main transcript, 4: in the main thread, 8:
  -- seen only in a fork's copies.
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
  payload_json TEXT,
  -- The date of the price table; a later table's price replaces it. Null: any table is later.
  price_dated TEXT,
  -- The cost of each kind of tokens; null if no price is known.
  input_cost_nano_usd INTEGER,
  output_cost_nano_usd INTEGER,
  cache_read_cost_nano_usd INTEGER,
  cache_write_cost_nano_usd INTEGER,
  web_search_cost_nano_usd INTEGER
) STRICT;

CREATE INDEX cost_records_by_session ON cost_records (session_id, occurred_at_ms);

CREATE INDEX cost_records_of_payloads ON cost_records (seq) WHERE source = 'payload';

CREATE INDEX cost_records_by_time ON cost_records (occurred_at_ms);

-- Other sessions that contain a request (forks). The session that began first owns it.
CREATE TABLE record_claims (
  record_seq INTEGER NOT NULL REFERENCES cost_records (seq) ON DELETE CASCADE,
  session_id TEXT NOT NULL,
  claim_json TEXT NOT NULL,
  PRIMARY KEY (record_seq, session_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX record_claims_by_session ON record_claims (session_id);

-- Lines that subagents' files repeat from their main thread under another request id. They are not
-- billed again, and are kept in case the main transcript turns out to contain that request too.
CREATE TABLE replays (
  id TEXT NOT NULL,
  session_id TEXT NOT NULL,
  record_json TEXT NOT NULL,
  PRIMARY KEY (id, session_id)
) STRICT, WITHOUT ROWID;

-- Prices that were replaced, by the command reprice or by a program with a later table.
CREATE TABLE repricings (
  id INTEGER PRIMARY KEY,
  record_id TEXT NOT NULL,
  old_cost_nano_usd INTEGER,
  old_price_id TEXT,
  old_price_basis TEXT NOT NULL,
  old_price_dated TEXT,
  new_cost_nano_usd INTEGER,
  new_price_id TEXT,
  new_price_basis TEXT NOT NULL,
  new_price_dated TEXT,
  repriced_at_ms INTEGER NOT NULL,
  -- What replaced it: the command line.
  repriced_by TEXT NOT NULL
) STRICT;

CREATE INDEX repricings_by_record ON repricings (record_id);

-- Only the writer deletes records, and it removes the mark again: any mark that remains is a lost
-- record.
CREATE TABLE removed_records (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL,
  session_id TEXT NOT NULL,
  trace_id TEXT,
  occurred_at_ms INTEGER NOT NULL,
  model TEXT NOT NULL,
  input_tokens INTEGER NOT NULL,
  output_tokens INTEGER NOT NULL,
  cache_read_tokens INTEGER NOT NULL,
  cache_write_tokens INTEGER NOT NULL,
  web_search_requests INTEGER NOT NULL,
  cost_nano_usd INTEGER,
  removed_at_ms INTEGER NOT NULL
) STRICT;

CREATE TRIGGER mark_removed_record AFTER DELETE ON cost_records BEGIN
  INSERT OR REPLACE INTO removed_records VALUES (OLD.seq, OLD.id, OLD.session_id, OLD.trace_id,
    OLD.occurred_at_ms, OLD.model, OLD.input_tokens, OLD.output_tokens, OLD.cache_read_tokens,
    OLD.cache_write_5m_tokens + OLD.cache_write_1h_tokens, OLD.web_search_requests, OLD.cost_nano_usd,
    CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER));
END;
`;
