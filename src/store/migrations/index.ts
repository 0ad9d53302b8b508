import { agentFiles } from './agent-files.ts';
import { branches } from './branches.ts';
import { firstSchema } from './first/index.ts';
import { messageCounts } from './message-counts.ts';
import type { Migration } from './migration.ts';
import { unmeteredRequests } from './unmetered-requests.ts';

export const migrations: readonly Migration[] = [
  firstSchema,
  messageCounts,
  unmeteredRequests,
  branches,
  agentFiles,
];

/** The schema version that this program writes. */
export const SCHEMA_NUMBER = migrations.length;
