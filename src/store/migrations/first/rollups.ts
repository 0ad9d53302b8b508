import { bookingTriggers, measureDefinitions } from './booking.ts';

/**
 * Sums by time and dimension, and the queue that updates them:
 * docs/adr/0001-roll-ups-through-a-queue.md.
 */
export const rollupTables = `
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
  ${measureDefinitions},
  git_branch TEXT
) STRICT;
${bookingTriggers()}`;
