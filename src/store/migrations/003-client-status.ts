import type { Migration } from './migration.ts';

/**
 * What the client said of each session for its status line: a witness, as `client_totals` is, never a
 * record and in no total. `client_totals` holds what transcripts tell, written when a session ends;
 * this holds what the client knows while it runs, and of those before 2.1.277, which write no such
 * line, all that it ever says.
 *
 * The last word and the highest are kept, because they differ where a counter started again: 2.1.197
 * counts from zero when a session is resumed. Then the last one is of the last run alone, the highest
 * of the dearest; what all runs cost is in neither. (`/clear` makes a new session, so it lowers no
 * total here.)
 */
export const clientStatus: Migration = {
  number: 3,
  sql: `
CREATE TABLE client_status (
  session_id TEXT PRIMARY KEY,
  -- When the client said something new, not when it last said the same again.
  seen_at_ms INTEGER NOT NULL,
  cost_nano_usd INTEGER,
  highest_cost_nano_usd INTEGER,
  duration_ms INTEGER,
  api_duration_ms INTEGER,
  model TEXT,
  -- Of subscribers alone.
  rate_limits_json TEXT,
  context_used_percent REAL,
  client_version TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX client_status_by_time ON client_status (seen_at_ms);
`,
};
