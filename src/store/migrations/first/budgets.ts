/** Budgets, their allowances, alerts of any kind, and pending deliveries of alerts. */
export const budgetTables = `
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

-- Amounts added to a budget: in one window (a session, a day), or until a time. Never deleted.
CREATE TABLE budget_allowances (
  id INTEGER PRIMARY KEY,
  budget TEXT NOT NULL,
  amount_nano_usd INTEGER NOT NULL,
  window_key TEXT,
  granted_at_ms INTEGER NOT NULL,
  expires_at_ms INTEGER
) STRICT;

CREATE INDEX budget_allowances_by_budget ON budget_allowances (budget);

CREATE TABLE rollup_scopes (scope_json TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;

CREATE TABLE alerts (
  -- The order of delivery. Never reused, as receivers identify an alert by it.
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  -- Identifies an alert, so that it is stored once; contains no clock time.
  key TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL,
  subject TEXT NOT NULL,
  window_key TEXT NOT NULL,
  level TEXT NOT NULL,
  step TEXT NOT NULL,
  amount_nano_usd INTEGER NOT NULL,
  limit_nano_usd INTEGER,
  reason TEXT NOT NULL,
  session_id TEXT,
  since_ms INTEGER,
  occurred_at_ms INTEGER NOT NULL,
  -- When the agent's user was notified in the session; null: not yet.
  announced_at_ms INTEGER,
  acknowledged_at_ms INTEGER
) STRICT;

-- Only crossings of budgets.
CREATE VIEW budget_alerts AS
  SELECT id, subject AS budget, window_key, step AS level, limit_nano_usd, amount_nano_usd AS spent_nano_usd,
    session_id, occurred_at_ms, acknowledged_at_ms
  FROM alerts WHERE kind = 'budget';

-- One row for each channel of an alert. Contains no address, because addresses are secrets.
CREATE TABLE notification_outbox (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  alert_id INTEGER NOT NULL REFERENCES alerts (id) ON DELETE CASCADE,
  channel TEXT NOT NULL,
  -- pending, sent, failed (given up), cancelled (acknowledged before it was sent)
  state TEXT NOT NULL DEFAULT 'pending',
  attempts INTEGER NOT NULL DEFAULT 0,
  -- The row waits from held_at_ms to not_before_ms, but not if the clock is set back to before
  -- held_at_ms.
  held_at_ms INTEGER NOT NULL DEFAULT 0,
  not_before_ms INTEGER NOT NULL DEFAULT 0,
  first_tried_at_ms INTEGER,
  last_error TEXT,
  finished_at_ms INTEGER,
  UNIQUE (alert_id, channel)
) STRICT;

CREATE INDEX notification_outbox_pending ON notification_outbox (channel, id) WHERE state = 'pending';

-- A single row: when alerts were last looked for.
CREATE TABLE alert_scan (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  scanned_at_ms INTEGER NOT NULL
) STRICT;
`;
