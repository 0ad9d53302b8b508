/** What the client says it spent: never a record, and never part of a report's totals. */
export const clientTables = `
-- The client's own totals, cumulative over resume and fork. For comparison only, never a record.
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
  -- When the transcript recorded it. The elapsed time does not tell: the counter may have been paused.
  reported_at_ms INTEGER,
  PRIMARY KEY (session_id, model, started_at_ms, elapsed_ms)
) STRICT, WITHOUT ROWID;

-- Totals from the status line. The last and the highest value differ if a counter started again: 2.1.197
-- counts from zero when a session is resumed.
CREATE TABLE client_status (
  session_id TEXT PRIMARY KEY,
  -- When the client last reported something new, not when it last repeated the same.
  seen_at_ms INTEGER NOT NULL,
  cost_nano_usd INTEGER,
  highest_cost_nano_usd INTEGER,
  duration_ms INTEGER,
  api_duration_ms INTEGER,
  model TEXT,
  -- Only for subscribers.
  rate_limits_json TEXT,
  context_used_percent REAL,
  client_version TEXT
) STRICT, WITHOUT ROWID;

CREATE INDEX client_status_by_time ON client_status (seen_at_ms);

-- Requests that the client reports over OpenTelemetry, each when it has ended.
CREATE TABLE client_requests (
  -- The vendor's id; if there is none, a key that distinguishes the event from others.
  request_id TEXT PRIMARY KEY,
  session_id TEXT NOT NULL,
  prompt_id TEXT,
  agent_id TEXT,
  occurred_at_ms INTEGER NOT NULL,
  model TEXT NOT NULL,
  query_source TEXT,
  cost_nano_usd INTEGER NOT NULL,
  input_tokens INTEGER NOT NULL,
  output_tokens INTEGER NOT NULL,
  cache_read_tokens INTEGER NOT NULL,
  cache_write_tokens INTEGER NOT NULL,
  client_version TEXT
) STRICT, WITHOUT ROWID;

CREATE INDEX client_requests_by_session ON client_requests (session_id);

-- The client's own requests, which transcripts show without their usage. A fork's file repeats its
-- parent's lines, under the same key.
CREATE TABLE auxiliary_requests (
  session_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  key TEXT NOT NULL,
  requests INTEGER NOT NULL,
  at_ms INTEGER NOT NULL,
  PRIMARY KEY (session_id, kind, key)
) STRICT, WITHOUT ROWID;
`;
