import { FORKED_AT, SAID_AT } from './client-word-sql.ts';
import type { Ledger } from './open.ts';

interface ForkRow {
  sessionId: string;
  parent: string;
  forkedAtMs: number | null;
  ledger: number;
  /** By the last cost-state of its transcript; null where there is none. */
  closing: number | null;
  closingStartedAtMs: number | null;
  /** The most that it told its status line. */
  running: number | null;
}

const LAST_WORD = `FROM client_totals t WHERE t.session_id = s.session_id
  GROUP BY started_at_ms, elapsed_ms ORDER BY max(${SAID_AT}) DESC, sum(cost_nano_usd) DESC LIMIT 1`;
const CLOSING = `(SELECT sum(t.cost_nano_usd) ${LAST_WORD})`;
const RUNNING = `(SELECT c.highest_cost_nano_usd FROM client_status c WHERE c.session_id = s.session_id)`;
const PROJECT = '(SELECT p.root FROM projects p WHERE p.id = s.project_id)';
/** Sessions of which a client has said anything. */
const SPOKEN = `s.session_id IN
  (SELECT session_id FROM client_totals UNION SELECT session_id FROM client_status)`;

/**
 * What the client says that some sessions cost beyond their records (compaction, titles), nano-USD: of
 * each what is positive of it. A witness's word: it is no record, and in no total of a report.
 * @param project counts only sessions whose last request is in it; null: all
 */
export function excessInSessions(
  db: Ledger,
  sessions: readonly string[],
  project: string | null,
): number {
  const among = 's.session_id IN (SELECT value FROM json_each(?))';
  return excessWhere(db, among, [JSON.stringify(sessions)], project);
}

/** The same of the sessions whose last request lies in a range of time. */
export function excessInRange(
  db: Ledger,
  { sinceMs, untilMs }: { sinceMs: number | null; untilMs: number | null },
  project: string | null,
): number {
  // Of all time only the sessions are looked at that a client has told of.
  const among = sinceMs === null ? `${SPOKEN} AND ` : '';
  const within = `${among}s.last_at_ms >= ? AND s.last_at_ms < ?`;
  return excessWhere(db, within, [sinceMs ?? 0, untilMs ?? Number.MAX_SAFE_INTEGER], project);
}

/** Two statements, whatever the number of sessions, and a few more for each fork. */
function excessWhere(
  db: Ledger,
  condition: string,
  values: (string | number)[],
  project: string | null,
): number {
  const inProject = project === null ? '' : `AND ${PROJECT} = ?`;
  const bound = project === null ? values : [...values, project];
  const sum = db
    .prepare(
      `SELECT sum(excess) FROM (
         SELECT max(coalesce(${CLOSING}, 0), coalesce(${RUNNING}, 0)) - s.cost_nano_usd AS excess
         FROM sessions s WHERE ${condition} AND s.parent_session_id IS NULL ${inProject})
       WHERE excess > 0`,
    )
    .pluck()
    .get(...bound);
  const forks = db
    .prepare(
      `SELECT s.session_id AS sessionId, s.parent_session_id AS parent, ${FORKED_AT} AS forkedAtMs,
         s.cost_nano_usd AS ledger, ${CLOSING} AS closing, ${RUNNING} AS running,
         (SELECT t.started_at_ms ${LAST_WORD}) AS closingStartedAtMs
       FROM sessions s WHERE ${condition} AND s.parent_session_id IS NOT NULL ${inProject}`,
    )
    .all(...bound) as ForkRow[];
  const ofForks = forks.map((fork) => Math.max(0, wordOf(db, fork) - fork.ledger));
  return ofForks.reduce((all, excess) => all + excess, typeof sum === 'number' ? sum : 0);
}

/** A fork goes on counting from what its parent had cost. */
function wordOf(db: Ledger, fork: ForkRow): number {
  const { parent, closing, running, closingStartedAtMs, forkedAtMs } = fork;
  const before = forkedAtMs ?? Number.MAX_SAFE_INTEGER;
  const closed =
    closing === null ? 0 : closing - closedBefore(db, parent, before, closingStartedAtMs);
  // A status does not tell its counter: the parent's highest word is at most too much to leave out.
  const base = Math.max(closedBefore(db, parent, before, null), runningOf(db, parent));
  return Math.max(closed, (running ?? 0) - base);
}

/** A session's last cost-state before a time, of one counter if that is given; 0 where there is none. */
function closedBefore(
  db: Ledger,
  sessionId: string,
  beforeMs: number,
  startedAtMs: number | null,
): number {
  const cost = db
    .prepare(
      `SELECT sum(cost_nano_usd) AS cost FROM client_totals
       WHERE session_id = @sessionId AND ${SAID_AT} <= @beforeMs
         AND (@startedAtMs IS NULL OR started_at_ms = @startedAtMs)
       GROUP BY started_at_ms, elapsed_ms ORDER BY max(${SAID_AT}) DESC, cost DESC LIMIT 1`,
    )
    .pluck()
    .get({ sessionId, beforeMs, startedAtMs });
  return typeof cost === 'number' ? cost : 0;
}

function runningOf(db: Ledger, sessionId: string): number {
  const sql = 'SELECT highest_cost_nano_usd FROM client_status WHERE session_id = ?';
  const cost = db.prepare(sql).pluck().get(sessionId);
  return typeof cost === 'number' ? cost : 0;
}
