import type { VerifyCheck } from '../../core/finding.ts';
import { nameProject } from '../../core/project-name.ts';
import { placeholderIdentity } from '../../core/record/identity.ts';
import type { Ledger } from '../connection/open.ts';
import { listSome } from './list-some.ts';

/** Faults of a table that the ledger itself shows: a query for each kind, giving the rows' names. */
interface TableRules {
  name: string;
  faults: Record<string, string>;
}

/** Ids that are counted up and never deleted leave no gap. */
const gapIn = (table: string): string =>
  `SELECT count(*) || ' of ' || max(id) FROM ${table} HAVING count(*) <> max(id)`;

const STEPS_OF = `(SELECT count(*) FROM attribution_steps a WHERE a.transcript_id = t.id
  AND a.generation = s.state_json ->> '$.trace.generation')`;
const FIRST_CALL = `(SELECT min(u.called_at_ms) FROM tool_uses u WHERE u.record_seq = r.seq)`;

/** A call of a line without counts and request id may be of any request with its message id. */
const MAY_HAVE_OTHERS = `EXISTS (SELECT 1 FROM replays p
  WHERE p.id = r.message_id || '${placeholderIdentity('')}')`;

const RULES: readonly TableRules[] = [
  {
    name: 'tool uses',
    faults: {
      'first call is missing or altered': `SELECT r.id FROM cost_records r
        WHERE r.tool_name IS NOT NULL AND r.source <> 'payload' AND NOT ${MAY_HAVE_OTHERS}
          AND NOT EXISTS (
          SELECT 1 FROM tool_uses u WHERE u.record_seq = r.seq AND u.name = r.tool_name
            AND u.called_at_ms = ${FIRST_CALL})`,
      'request names no tool': `SELECT r.id FROM cost_records r
        WHERE r.tool_name IS NULL AND r.source <> 'payload' AND NOT ${MAY_HAVE_OTHERS}
          AND EXISTS (SELECT 1 FROM tool_uses u WHERE u.record_seq = r.seq)`,
      'impossible result': `SELECT tool_use_id FROM tool_uses
        WHERE duration_ms < 0 OR is_failed NOT IN (0, 1)`,
    },
  },
  {
    name: 'subagents',
    faults: {
      missing: `SELECT DISTINCT r.session_id || '/' || r.agent_id FROM cost_records r
        WHERE r.agent_id IS NOT NULL AND r.source <> 'payload' AND NOT EXISTS (
          SELECT 1 FROM agents a WHERE a.session_id = r.session_id AND a.agent_id = r.agent_id)`,
      'type lacks in a request': `SELECT r.id FROM cost_records r JOIN agents a
          ON a.session_id = r.session_id AND a.agent_id = r.agent_id
        WHERE r.source <> 'payload' AND a.agent_type IS NOT NULL AND r.agent_type IS NULL`,
    },
  },
  {
    name: 'steps',
    faults: {
      // The step of a last line without a newline is stored before the cursor moves past it.
      missing: `SELECT t.path FROM transcripts t JOIN thread_state s ON s.transcript_id = t.id
        WHERE ${STEPS_OF} NOT BETWEEN s.state_json ->> '$.trace.steps'
          AND (s.state_json ->> '$.trace.steps') + 1`,
      gap: `SELECT t.path FROM attribution_steps a JOIN transcripts t ON t.id = a.transcript_id
        GROUP BY a.transcript_id, a.generation HAVING count(*) <> max(a.ordinal) + 1`,
      malformed: `SELECT transcript_id || '#' || ordinal FROM attribution_steps
        WHERE NOT json_valid(step_json) OR line_count < 1 OR is_inline NOT IN (0, 1)`,
    },
  },
  {
    name: 'transcripts',
    faults: {
      'cursor beyond the end': `SELECT path FROM transcripts
        WHERE cursor_bytes NOT BETWEEN 0 AND size_bytes`,
      'state is missing or malformed': `SELECT t.path FROM transcripts t
        LEFT JOIN thread_state s ON s.transcript_id = t.id
        WHERE s.state_json IS NULL OR NOT json_valid(s.state_json)`,
      deleted: gapIn('transcripts'),
    },
  },
  {
    name: 'branches',
    faults: {
      // One too many is no fault: a later line may state another branch.
      missing: `SELECT DISTINCT git_branch FROM cost_records WHERE git_branch IS NOT NULL
        AND git_branch NOT IN (SELECT name FROM git_branches)`,
    },
  },
  { name: 'hook events', faults: { deleted: gapIn('hook_events') } },
  {
    name: 'sessions',
    faults: {
      'is its own parent': 'SELECT session_id FROM sessions WHERE parent_session_id = session_id',
      'project is not of its requests': `SELECT session_id FROM sessions s WHERE requests > 0
        AND (project_id IS NULL) <> NOT EXISTS (SELECT 1 FROM cost_records r
          WHERE r.session_id = s.session_id AND r.project_id IS NOT NULL)
        OR project_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM cost_records r
          WHERE r.session_id = s.session_id AND r.project_id = s.project_id)
          AND requests > 0`,
    },
  },
  {
    name: 'claims and replays',
    faults: {
      'claim of the owner': `SELECT r.id FROM record_claims c JOIN cost_records r
        ON r.seq = c.record_seq WHERE r.session_id = c.session_id`,
      'claim of another session': `SELECT record_seq || '/' || session_id FROM record_claims
        WHERE claim_json ->> '$.sessionId' IS NOT session_id`,
      'replay of another request': `SELECT id FROM replays WHERE record_json ->> '$.id' IS NOT id
        OR record_json ->> '$.claim.sessionId' IS NOT session_id`,
    },
  },
  {
    name: 'deleted requests',
    faults: {
      'deleted by another program': `SELECT l.id FROM removed_records l
        WHERE NOT EXISTS (SELECT 1 FROM cost_records r WHERE r.id = l.id)
          AND NOT EXISTS (SELECT 1 FROM replays p WHERE p.id = l.id)`,
      'repricing deleted': gapIn('repricings'),
    },
  },
];

/** Checks of each table by itself and against the others. */
export function structureChecks(db: Ledger): [name: string, check: () => VerifyCheck][] {
  return [
    ...RULES.map((rules): [string, () => VerifyCheck] => [rules.name, () => checkTable(db, rules)]),
    ['projects', () => checkProjects(db)],
  ];
}

function checkTable(db: Ledger, { name, faults }: TableRules): VerifyCheck {
  const found = Object.entries(faults).flatMap(([kind, sql]) => {
    const names = list(db, sql);
    return names.length === 0 ? [] : [describe(kind, names)];
  });
  return toCheck(name, found);
}

/** A folder outside any repository has the project of the first folder of its session. */
const OTHER_PROJECTS = `WITH RECURSIVE
  up (id, target) AS (SELECT id, id FROM projects UNION
    SELECT u.id, m.into_id FROM up u JOIN merged_projects m ON m.project_id = u.target),
  current AS MATERIALIZED (SELECT id, target FROM up
    WHERE target NOT IN (SELECT project_id FROM merged_projects)),
  loose AS MATERIALIZED (SELECT s.session_id, (SELECT f.cwd FROM cost_records f
      WHERE f.session_id = s.session_id AND f.cwd IS NOT NULL
      ORDER BY f.occurred_at_ms, f.id LIMIT 1) AS first
    FROM (SELECT DISTINCT session_id FROM cost_records
      WHERE cwd IN (SELECT cwd FROM loose_folders)) s)
  SELECT r.id FROM cost_records r
  LEFT JOIN loose l ON l.session_id = r.session_id AND r.cwd IN (SELECT cwd FROM loose_folders)
  LEFT JOIN project_paths p ON p.cwd = coalesce(l.first, r.cwd)
  LEFT JOIN current c ON c.id = p.project_id
  WHERE r.project_id IS NOT c.target`;
const UNKNOWN_LOOSE_FOLDERS = `SELECT cwd FROM loose_folders
  WHERE cwd NOT IN (SELECT cwd FROM project_paths)`;
const UNKNOWN_FOLDERS = `SELECT DISTINCT r.cwd FROM cost_records r
  WHERE r.cwd IS NOT NULL AND r.cwd NOT IN (SELECT cwd FROM project_paths)`;

/** A project's name follows from its root, and every folder of a request has a project. */
function checkProjects(db: Ledger): VerifyCheck {
  const rows = db.prepare('SELECT root, name FROM projects').all() as Record<
    'root' | 'name',
    string
  >[];
  const renamed = rows.filter(({ root, name }) => name !== nameProject(root));
  const faults: [kind: string, names: string[]][] = [
    ['name is not that of the folder', renamed.map(({ root }) => root)],
    ['folder has no project', list(db, UNKNOWN_FOLDERS)],
    ['folder outside a repository is unknown', list(db, UNKNOWN_LOOSE_FOLDERS)],
    ['request has another project than its folder', list(db, OTHER_PROJECTS)],
  ];
  const found = faults.filter(([, names]) => names.length > 0);
  return toCheck(
    'projects',
    found.map(([kind, names]) => describe(kind, names)),
  );
}

function list(db: Ledger, sql: string): string[] {
  return db.prepare(sql).pluck().all() as string[];
}

function describe(kind: string, names: string[]): string {
  return `${kind}: ${names.length} (${listSome(names)})`;
}

function toCheck(name: string, faults: string[]): VerifyCheck {
  return { name, isSound: faults.length === 0, found: faults.join('; ') || 'no faults' };
}
