import type { Migration } from './migration.ts';

/**
 * Working directories outside any repository when they were first seen. They are no project of their own:
 * a request made there belongs to the project that its session began in.
 */
export const looseFolders: Migration = {
  number: 6,
  sql: `
CREATE TABLE loose_folders (cwd TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
`,
};
