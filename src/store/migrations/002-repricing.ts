import type { Migration } from './migration.ts';

/**
 * Prices change after requests were priced: a model becomes known, two programs with different
 * tables write to one ledger, `reprice` computes anew. `price_dated` tells the newer of two tables;
 * null in rows from before, which any table is newer than. `repricings` keeps what was replaced.
 */
export const repricing: Migration = {
  number: 2,
  sql: `
ALTER TABLE cost_records ADD COLUMN price_dated TEXT;

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
  -- What replaced it: the command as it was given.
  repriced_by TEXT NOT NULL
) STRICT;
CREATE INDEX repricings_by_record ON repricings (record_id);
`,
};
