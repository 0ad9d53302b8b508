import { bookingTriggers } from './booking.ts';
import type { Migration } from './migration.ts';

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
  'git_branch',
];

/**
 * Budgets, what they are raised by, and what was told of them. A budget may look at any part of the
 * spend, at every tool call: each part that is looked at is a roll-up of its own, of the dimension
 * `scope:` and the part as JSON. Branches are booked for that.
 */
export const budgetsMigration: Migration = {
  number: 5,
  sql: `
CREATE TABLE budgets (
  name TEXT PRIMARY KEY,
  limit_nano_usd INTEGER NOT NULL,
  per TEXT NOT NULL,
  scope_json TEXT NOT NULL,
  warn_percent INTEGER NOT NULL,
  critical_percent INTEGER NOT NULL,
  action TEXT NOT NULL,
  is_fail_closed INTEGER NOT NULL,
  changed_at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What a budget was raised by: in one window (a session, a day), or up to a time. Never deleted.
CREATE TABLE budget_allowances (
  id INTEGER PRIMARY KEY,
  budget TEXT NOT NULL,
  amount_nano_usd INTEGER NOT NULL,
  window_key TEXT,
  granted_at_ms INTEGER NOT NULL,
  expires_at_ms INTEGER
) STRICT;
CREATE INDEX budget_allowances_by_budget ON budget_allowances (budget);

-- Each crossing once, whoever sees it first; a raised limit has crossings of its own.
CREATE TABLE budget_alerts (
  id INTEGER PRIMARY KEY,
  budget TEXT NOT NULL,
  window_key TEXT NOT NULL,
  level TEXT NOT NULL,
  limit_nano_usd INTEGER NOT NULL,
  spent_nano_usd INTEGER NOT NULL,
  session_id TEXT,
  occurred_at_ms INTEGER NOT NULL,
  acknowledged_at_ms INTEGER,
  UNIQUE (budget, window_key, level, limit_nano_usd)
) STRICT;

CREATE TABLE rollup_scopes (scope_json TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;

-- A session's forks spend its budget.
CREATE INDEX sessions_by_parent ON sessions (parent_session_id) WHERE parent_session_id IS NOT NULL;

ALTER TABLE rollup_pending ADD COLUMN git_branch TEXT;
DROP TRIGGER book_new_record;
DROP TRIGGER book_gone_record;
DROP TRIGGER book_changed_record;
${bookingTriggers(GROUPS)}`,
};
