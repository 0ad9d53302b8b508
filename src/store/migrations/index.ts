import { clientBaseline } from './client-baseline.ts';
import { firstSchema } from './first/index.ts';
import type { Migration } from './migration.ts';
import { unmeteredRequests } from './unmetered-requests.ts';

export const migrations: readonly Migration[] = [firstSchema, unmeteredRequests, clientBaseline];

/** The schema version that this program writes. */
export const SCHEMA_NUMBER = migrations.length;
