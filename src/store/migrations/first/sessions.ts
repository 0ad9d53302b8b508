import { measureDefinitions } from './booking.ts';

/** Projects, sessions, hook events, and the reading position in each transcript. */
export const sessionTables = `
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE projects (
  id INTEGER PRIMARY KEY,
  root TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL
) STRICT;

-- A working directory keeps its project forever, even when its folder is deleted.
CREATE TABLE project_paths (
  cwd TEXT PRIMARY KEY,
  project_id INTEGER NOT NULL REFERENCES projects (id)
) STRICT, WITHOUT ROWID;

CREATE TABLE sessions (
  session_id TEXT PRIMARY KEY,
  born_at_ms INTEGER,
  parent_session_id TEXT,
  first_at_ms INTEGER,
  last_at_ms INTEGER,
  ${measureDefinitions},
  -- The project of the latest request that has one.
  project_id INTEGER REFERENCES projects (id)
) STRICT;

-- For reports by time, which need the sessions in it, and for the latest session.
CREATE INDEX sessions_by_last_time ON sessions (last_at_ms);

-- Forks spend their session's budget.
CREATE INDEX sessions_by_parent ON sessions (parent_session_id) WHERE parent_session_id IS NOT NULL;

CREATE TABLE hook_events (
  id INTEGER PRIMARY KEY,
  key TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  client TEXT NOT NULL,
  session_id TEXT,
  agent_id TEXT,
  tool_name TEXT,
  tool_use_id TEXT,
  arrived_at_ms INTEGER NOT NULL,
  duration_ms REAL NOT NULL
) STRICT;

CREATE TABLE transcripts (
  id INTEGER PRIMARY KEY,
  path TEXT NOT NULL UNIQUE,
  session_id TEXT,
  -- Device and inode: a file that replaces another is read from its start.
  identity TEXT NOT NULL,
  size_bytes INTEGER NOT NULL,
  modified_at_ms REAL NOT NULL,
  cursor_bytes INTEGER NOT NULL,
  -- Fingerprint of the last 4 kB before the cursor: a file rewritten in place is read from its start.
  tail_hash TEXT NOT NULL
) STRICT;

CREATE TABLE thread_state (
  transcript_id INTEGER PRIMARY KEY REFERENCES transcripts (id) ON DELETE CASCADE,
  state_json TEXT NOT NULL
) STRICT;

-- Pull requests that a session created or mentioned, each with the first time.
CREATE TABLE pull_requests (
  session_id TEXT NOT NULL,
  name TEXT NOT NULL,
  linked_at_ms INTEGER NOT NULL,
  PRIMARY KEY (session_id, name)
) STRICT, WITHOUT ROWID;
`;
