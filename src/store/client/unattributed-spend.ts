import { REPORTED_AT, SHARES_COUNTER } from './reported-totals-sql.ts';
import { type ReportedTotal, reportedTotals } from './reported-totals.ts';
import type { Ledger } from '../connection/open.ts';

const LAST_STATE = `FROM client_totals t WHERE t.session_id = s.session_id
  GROUP BY started_at_ms, elapsed_ms ORDER BY max(${REPORTED_AT}) DESC, sum(cost_nano_usd) DESC LIMIT 1`;
const CLOSING = `(SELECT sum(t.cost_nano_usd) ${LAST_STATE})`;
const RUNNING = `(SELECT c.highest_cost_nano_usd FROM client_status c WHERE c.session_id = s.session_id)`;
/** Reported over OpenTelemetry for each request while the session runs. */
const EVENTS = `(SELECT sum(e.cost_nano_usd) FROM client_requests e WHERE e.session_id = s.session_id)`;
const PROJECT = '(SELECT p.root FROM projects p WHERE p.id = s.project_id)';
/** Its total is a counter's minus what that counter showed before: for forks and inside a running client. */
const IS_RELATIVE = `(s.parent_session_id IS NOT NULL OR ${SHARES_COUNTER})`;
/**
 * Sessions with any total reported by a client; one that sends events also reports its total when it
 * ends.
 */
const HAS_TOTAL = `s.session_id IN
  (SELECT session_id FROM client_totals UNION SELECT session_id FROM client_status)`;

/**
 * How much more clients report for the given sessions than their records cost (compaction, titles),
 * nano-USD: the sum of the positive differences per session. Never part of a report's totals.
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

/** The same for the sessions whose last request is in a time range. */
export function unattributedInRange(
  db: Ledger,
  { sinceMs, untilMs }: { sinceMs: number | null; untilMs: number | null },
  project: string | null,
): number {
  // For all time, only sessions with a reported total are considered.
  const among = sinceMs === null ? `${HAS_TOTAL} AND ` : '';
  const within = `${among}s.last_at_ms >= ? AND s.last_at_ms < ?`;
  return selectUnattributed(
    db,
    within,
    [sinceMs ?? 0, untilMs ?? Number.MAX_SAFE_INTEGER],
    project,
  );
}

/** Two statements, whatever the number of sessions, plus a few for those with a baseline. */
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
         FROM sessions s WHERE ${condition} AND NOT ${IS_RELATIVE} ${inProject})
       WHERE excess > 0`,
    )
    .pluck()
    .get(...bound);
  const forks = db
    .prepare(
      `SELECT s.session_id AS sessionId, s.cost_nano_usd AS ledger FROM sessions s WHERE ${condition} AND ${IS_RELATIVE} ${inProject}`,
    )
    .all(...bound) as { sessionId: string; ledger: number }[];
  const ids = forks.map(({ sessionId }) => sessionId);
  const totals = ids.length === 0 ? new Map<string, ReportedTotal>() : reportedTotals(db, ids);
  const ofForks = forks.map(({ sessionId, ledger }) =>
    Math.max(0, Number(totals.get(sessionId)?.costNanoUsd ?? 0n) - ledger),
  );
  return ofForks.reduce((all, excess) => all + excess, typeof sum === 'number' ? sum : 0);
}
