import { branches } from './branches.ts';
import { firstSchema } from './first/index.ts';
import { looseFolders } from './loose-folders.ts';
import { mergedProjects } from './merged-projects.ts';
import type { Migration } from './migration.ts';

export const migrations: readonly Migration[] = [
  firstSchema,
  branches,
  mergedProjects,
  looseFolders,
];

/** The schema version that this program writes. */
export const SCHEMA_NUMBER = migrations.length;
