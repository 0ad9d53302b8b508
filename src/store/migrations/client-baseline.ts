import type { Migration } from './migration.ts';

/**
 * A session that began inside a running client (`/clear`, `/resume`) shows what the client had counted for
 * others before. That value is stored with its status, which then has the highest cost of its own; cost-states
 * of one counter are found by the time when it started.
 */
export const clientBaseline: Migration = {
  number: 5,
  sql: `ALTER TABLE client_status ADD COLUMN baseline_nano_usd INTEGER NOT NULL DEFAULT 0;
CREATE INDEX client_totals_by_start ON client_totals (started_at_ms);`,
};
