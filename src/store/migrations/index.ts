import { ledger } from './001-ledger.ts';
import { repricing } from './002-repricing.ts';
import { clientStatus } from './003-client-status.ts';
import { sessionTimes } from './004-session-times.ts';
import { budgetsMigration } from './005-budgets.ts';
import { attribution } from './006-attribution.ts';
import { coverageMigration } from './007-coverage.ts';
import { alerts } from './008-alerts.ts';
import type { Migration } from './migration.ts';

export const migrations: readonly Migration[] = [
  ledger,
  repricing,
  clientStatus,
  sessionTimes,
  budgetsMigration,
  attribution,
  coverageMigration,
  alerts,
];

/** The schema that this program writes. */
export const SCHEMA_NUMBER = migrations.length;
