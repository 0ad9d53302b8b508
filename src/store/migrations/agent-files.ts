import type { Migration } from './migration.ts';

/** Whose file a transcript is: a path alone does not tell which agent reads it. */
export const agentFiles: Migration = {
  number: 8,
  sql: `ALTER TABLE transcripts ADD COLUMN client TEXT NOT NULL DEFAULT 'claude-code';\n`,
};
