import type { Migration } from './migration.ts';

/**
 * A project whose folder has moved is merged into another, and keeps its row and its working directories,
 * so that the merge can be undone and later requests of the old folder follow it.
 */
export const mergedProjects: Migration = {
  number: 7,
  sql: `
CREATE TABLE merged_projects (
  project_id INTEGER PRIMARY KEY REFERENCES projects (id),
  into_id INTEGER NOT NULL REFERENCES projects (id)
) STRICT;
`,
};
