import type { Migration } from './migration.ts';

/**
 * The branches of all requests. No roll-up has them, and reading every request to find out that a branch
 * is misspelt would take seconds on a large ledger.
 */
export const branches: Migration = {
  number: 4,
  sql: `
CREATE TABLE git_branches (name TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;

INSERT INTO git_branches SELECT DISTINCT git_branch FROM cost_records WHERE git_branch IS NOT NULL;

CREATE TRIGGER list_new_branch AFTER INSERT ON cost_records
WHEN NEW.git_branch IS NOT NULL AND NOT EXISTS (SELECT 1 FROM git_branches WHERE name = NEW.git_branch)
BEGIN INSERT INTO git_branches VALUES (NEW.git_branch); END;

CREATE TRIGGER list_changed_branch AFTER UPDATE OF git_branch ON cost_records
WHEN NEW.git_branch IS NOT NULL AND NOT EXISTS (SELECT 1 FROM git_branches WHERE name = NEW.git_branch)
BEGIN INSERT INTO git_branches VALUES (NEW.git_branch); END;
`,
};
