import type { Migration } from '../migration.ts';
import { budgetTables } from './budgets.ts';
import { clientTables } from './client.ts';
import { recordTables } from './records.ts';
import { rollupTables } from './rollups.ts';
import { sessionTables } from './sessions.ts';
import { toolTables } from './tools.ts';

/** The schema of the first release. */
export const firstSchema: Migration = {
  number: 1,
  sql: [sessionTables, recordTables, toolTables, clientTables, budgetTables, rollupTables].join(''),
};
