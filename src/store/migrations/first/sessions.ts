import { measureDefinitions } from './booking.ts';

/** Projects, sessions, hook events, and how far each transcript is read. */
export const sessionTables = `
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE projects (
  id INTEGER PRIMARY KEY,
  root TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL
) STRICT;

-- A working directory belongs to the same project for good, also when its folder is gone.
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
  -- The project of its last request that has one.
  project_id INTEGER REFERENCES projects (id)
) STRICT;

-- Reports of a week ask which sessions it touches, and every overview which one was the last.
CREATE INDEX sessions_by_last_time ON sessions (last_at_ms);

-- A session's forks spend its budget.
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
  -- Device and inode: a file put in another's place is read from its start.
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

-- Pull requests that a session made or named, each from the first time on.
CREATE TABLE pull_requests (
  session_id TEXT NOT NULL,
  name TEXT NOT NULL,
  linked_at_ms INTEGER NOT NULL,
  PRIMARY KEY (session_id, name)
) STRICT, WITHOUT ROWID;
`;
