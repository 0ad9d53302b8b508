import type { Migration } from './migration.ts';

/**
 * What tells whether the ledger has all that the client spent. Witnesses, as `client_totals` and
 * `client_status` are: no record, and in no total.
 *
 * A cost-state says for how long its counter ran, which is not when it was written: pauses between
 * the runs of a resumed session do not count. So the time of the line before it is kept too.
 */
export const coverageMigration: Migration = {
  number: 7,
  sql: `
ALTER TABLE client_totals ADD COLUMN reported_at_ms INTEGER;

-- Requests as the client tells them by OpenTelemetry, each when it has ended.
CREATE TABLE client_requests (
  -- The vendor's id; where there is none, what tells the event from others.
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

-- Requests of the client's own that a transcript shows without their usage. A fork's file repeats
-- its parent's lines, under the same key.
CREATE TABLE auxiliary_requests (
  session_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  key TEXT NOT NULL,
  requests INTEGER NOT NULL,
  at_ms INTEGER NOT NULL,
  PRIMARY KEY (session_id, kind, key)
) STRICT, WITHOUT ROWID;

-- Nothing deletes a record but the writer, which takes the mark away again: what stays here was lost.
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
`,
};
