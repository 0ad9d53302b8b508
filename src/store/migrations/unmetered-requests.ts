import type { Migration } from './migration.ts';

/**
 * Reports say how many of the requests without a cost have no readable counts. Roll-ups count both kinds as one,
 * so the few of this kind are found by an index, whatever the ledger's size.
 */
export const unmeteredRequests: Migration = {
  number: 3,
  sql: `CREATE INDEX cost_records_unmetered ON cost_records (occurred_at_ms) WHERE price_basis = 'unmetered';`,
};
