import { branches } from './branches.ts';
import { firstSchema } from './first/index.ts';
import { mergedProjects } from './merged-projects.ts';
import type { Migration } from './migration.ts';

export const migrations: readonly Migration[] = [firstSchema, branches, mergedProjects];

/** The schema version that this program writes. */
export const SCHEMA_NUMBER = migrations.length;
