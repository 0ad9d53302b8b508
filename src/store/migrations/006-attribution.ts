import type { Migration } from './migration.ts';

/**
 * What costs are attributed by: the steps of each thread (what entered the context, what was written), what
 * the tokens of each kind cost, and what a tool call was about. Shares are computed from them when they are
 * asked for: docs/adr/0009-shares-are-computed.md.
 *
 * Transcripts that still exist are read once more from their start, which changes no cost: what was recorded
 * from others has no steps, and is attributed by its kinds of tokens alone.
 */
export const attribution: Migration = {
  number: 6,
  sql: `
CREATE TABLE attribution_steps (
  transcript_id INTEGER NOT NULL REFERENCES transcripts (id) ON DELETE CASCADE,
  -- A file put in another's place begins a new one.
  generation INTEGER NOT NULL,
  ordinal INTEGER NOT NULL,
  -- Whose thread it is; empty: the main thread's.
  agent_id TEXT NOT NULL,
  -- Written inside another thread's file.
  is_inline INTEGER NOT NULL,
  record_seq INTEGER REFERENCES cost_records (seq) ON DELETE SET NULL,
  -- Of two readings of one step the longer is kept.
  line_count INTEGER NOT NULL,
  step_json TEXT NOT NULL,
  PRIMARY KEY (transcript_id, generation, ordinal)
) STRICT, WITHOUT ROWID;
CREATE INDEX attribution_steps_by_record ON attribution_steps (record_seq);

ALTER TABLE cost_records ADD COLUMN input_cost_nano_usd INTEGER;
ALTER TABLE cost_records ADD COLUMN output_cost_nano_usd INTEGER;
ALTER TABLE cost_records ADD COLUMN cache_read_cost_nano_usd INTEGER;
ALTER TABLE cost_records ADD COLUMN cache_write_cost_nano_usd INTEGER;
ALTER TABLE cost_records ADD COLUMN web_search_cost_nano_usd INTEGER;

ALTER TABLE tool_uses ADD COLUMN plugin TEXT;
ALTER TABLE tool_uses ADD COLUMN file_path TEXT;
ALTER TABLE tool_uses ADD COLUMN command_word TEXT;

-- Pull requests that a session made or named, each from the first time on.
CREATE TABLE pull_requests (
  session_id TEXT NOT NULL,
  name TEXT NOT NULL,
  linked_at_ms INTEGER NOT NULL,
  PRIMARY KEY (session_id, name)
) STRICT, WITHOUT ROWID;

DELETE FROM thread_state;
DELETE FROM transcripts;
`,
};
