import { REPORTED_AT } from './reported-totals-sql.ts';
import { type ReportedTotal, clientWords } from './reported-totals.ts';
import type { Ledger } from '../connection/open.ts';

const LAST_WORD = `FROM client_totals t WHERE t.session_id = s.session_id
  GROUP BY started_at_ms, elapsed_ms ORDER BY max(${REPORTED_AT}) DESC, sum(cost_nano_usd) DESC LIMIT 1`;
const CLOSING = `(SELECT sum(t.cost_nano_usd) ${LAST_WORD})`;
const RUNNING = `(SELECT c.highest_cost_nano_usd FROM client_status c WHERE c.session_id = s.session_id)`;
/** By OpenTelemetry, request by request, while the session runs. */
const EVENTS = `(SELECT sum(e.cost_nano_usd) FROM client_requests e WHERE e.session_id = s.session_id)`;
const PROJECT = '(SELECT p.root FROM projects p WHERE p.id = s.project_id)';
/** Sessions of which a client has said anything; one that tells events tells its total as well, when it ends. */
const SPOKEN = `s.session_id IN
  (SELECT session_id FROM client_totals UNION SELECT session_id FROM client_status)`;

/**
 * What the client says that some sessions cost beyond their records (compaction, titles), nano-USD: of
 * each what is positive of it. A witness's word: it is no record, and in no total of a report.
 * @param project counts only sessions whose last request is in it; null: all
 */
export function unattributedInSessions(
  db: Ledger,
  sessions: readonly string[],
  project: string | null,
): number {
  const among = 's.session_id IN (SELECT value FROM json_each(?))';
  return selectUnattributed(db, among, [JSON.stringify(sessions)], project);
}

/** The same of the sessions whose last request lies in a range of time. */
export function unattributedInRange(
  db: Ledger,
  { sinceMs, untilMs }: { sinceMs: number | null; untilMs: number | null },
  project: string | null,
): number {
  // Of all time only the sessions are looked at that a client has told of.
  const among = sinceMs === null ? `${SPOKEN} AND ` : '';
  const within = `${among}s.last_at_ms >= ? AND s.last_at_ms < ?`;
  return selectUnattributed(
    db,
    within,
    [sinceMs ?? 0, untilMs ?? Number.MAX_SAFE_INTEGER],
    project,
  );
}

/** Two statements, whatever the number of sessions, and a few more for each fork. */
function selectUnattributed(
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
         SELECT max(coalesce(${CLOSING}, 0), coalesce(${RUNNING}, 0), coalesce(${EVENTS}, 0))
           - s.cost_nano_usd AS excess
         FROM sessions s WHERE ${condition} AND s.parent_session_id IS NULL ${inProject})
       WHERE excess > 0`,
    )
    .pluck()
    .get(...bound);
  const forks = db
    .prepare(
      `SELECT s.session_id AS sessionId, s.cost_nano_usd AS ledger FROM sessions s WHERE ${condition} AND s.parent_session_id IS NOT NULL ${inProject}`,
    )
    .all(...bound) as { sessionId: string; ledger: number }[];
  const ids = forks.map(({ sessionId }) => sessionId);
  const words = ids.length === 0 ? new Map<string, ReportedTotal>() : clientWords(db, ids);
  const ofForks = forks.map(({ sessionId, ledger }) =>
    Math.max(0, Number(words.get(sessionId)?.costNanoUsd ?? 0n) - ledger),
  );
  return ofForks.reduce((all, excess) => all + excess, typeof sum === 'number' ? sum : 0);
}
