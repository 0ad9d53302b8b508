import type { Ledger } from '../connection/open.ts';

/** The most recently active session, with the time of its last request. */
export interface LastSession {
  sessionId: string;
  lastAtMs: number;
}

/** When a line with an unbelievable time arrived does not show when the session was active. */
const IS_BELIEVABLE = `(r.metadata IS NULL OR r.metadata NOT LIKE '%"statedAtMs"%')`;

/**
 * The most recently active session, of a project if one is given; null if there is none. A session whose
 * only times are not believable is the last one only if there is no other.
 */
export function findLastSession(db: Ledger, project: string | null): LastSession | null {
  return selectLast(db, project, IS_BELIEVABLE) ?? selectLast(db, project, 'true');
}

function selectLast(db: Ledger, project: string | null, condition: string): LastSession | null {
  const from =
    project === null
      ? 'cost_records r WHERE'
      : 'projects p JOIN cost_records r ON r.project_id = p.id WHERE p.root = ? AND';
  const row = db
    .prepare(
      `SELECT r.session_id AS sessionId, r.occurred_at_ms AS lastAtMs FROM ${from} ${condition}
       ORDER BY r.occurred_at_ms DESC, r.session_id LIMIT 1`,
    )
    .get(...(project === null ? [] : [project])) as LastSession | undefined;
  return row ?? null;
}
