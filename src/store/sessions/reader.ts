import type { Ledger } from '../connection/open.ts';

/** The times, the project and the client of a session. */
export interface SessionIdentity {
  firstAtMs: number;
  lastAtMs: number;
  /** Folder of the project of the latest request that has one. */
  project: string | null;
  /** Null if its requests belong to other sessions by now. */
  client: string | null;
}

/** A session has one client. */
export const SESSION_CLIENT =
  '(SELECT c.client FROM cost_records c WHERE c.session_id = s.session_id LIMIT 1)';

/** Facts about sessions for reports, besides their sums. */
export class SessionReader {
  readonly #db: Ledger;

  constructor(db: Ledger) {
    this.#db = db;
  }

  /** Facts by session id; one query, whatever the number of ids. */
  async facts(ids: readonly string[]): Promise<Map<string, SessionIdentity>> {
    const rows = this.#db
      .prepare(
        `SELECT s.session_id AS id, s.first_at_ms AS firstAtMs, s.last_at_ms AS lastAtMs,
           p.root AS project, ${SESSION_CLIENT} AS client
         FROM sessions s LEFT JOIN projects p ON p.id = s.project_id
         WHERE s.requests > 0 AND s.session_id IN (SELECT value FROM json_each(?))`,
      )
      .all(JSON.stringify([...new Set(ids)])) as (SessionIdentity & { id: string })[];
    return new Map(rows.map(({ id, ...facts }) => [id, facts]));
  }
}
