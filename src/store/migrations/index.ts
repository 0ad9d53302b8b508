import { agentFiles } from './agent-files.ts';
import { firstSchema } from './first/index.ts';
import type { Migration } from './migration.ts';
import { messageCounts } from './message-counts.ts';
import { unmeteredRequests } from './unmetered-requests.ts';
import { branches } from './branches.ts';
import { clientBaseline } from './client-baseline.ts';
import { looseFolders } from './loose-folders.ts';
import { mergedProjects } from './merged-projects.ts';

export const migrations: readonly Migration[] = [
  firstSchema,
  messageCounts,
  unmeteredRequests,
  branches,
  clientBaseline,
  looseFolders,
  mergedProjects,
  agentFiles,
];

/** The schema version that this program writes. */
export const SCHEMA_NUMBER = migrations.length;
