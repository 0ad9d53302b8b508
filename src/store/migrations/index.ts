import { agentFiles } from './agent-files.ts';
import { firstSchema } from './first/index.ts';
import type { Migration } from './migration.ts';

export const migrations: readonly Migration[] = [firstSchema, agentFiles];

/** The schema version that this program writes. */
export const SCHEMA_NUMBER = migrations.length;
