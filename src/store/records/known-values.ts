import { isModelMeant } from '../../core/model/model-family.ts';
import type { FactName } from '../../query/filters.ts';
import type { Ledger } from '../connection/open.ts';

/** Keys of a roll-up that requests are counted under; by month, so few rows are read. */
const rolledUp = (dimension: string): string =>
  `SELECT DISTINCT key FROM rollups
   WHERE dimension = '${dimension}' AND grain = 'month' AND requests > 0 AND key <> ''`;

/** Every value that a fact has in the ledger, from roll-ups and lists, never from the requests. */
const VALUES: Record<FactName, string> = {
  project: `SELECT root FROM projects WHERE CAST(id AS TEXT) IN (${rolledUp('project')})`,
  model: rolledUp('model'),
  agentType: rolledUp('agent-type'),
  tool: rolledUp('tool'),
  agent: 'SELECT DISTINCT agent_id FROM agents',
  branch: 'SELECT name FROM git_branches',
  client: rolledUp('client'),
};

const SESSION = `SELECT 1 FROM sessions WHERE session_id = @id
  UNION ALL SELECT 1 FROM client_totals WHERE session_id = @id
  UNION ALL SELECT 1 FROM client_status WHERE session_id = @id
  UNION ALL SELECT 1 FROM client_requests WHERE session_id = @id
  UNION ALL SELECT 1 FROM record_claims WHERE session_id = @id LIMIT 1`;

/** Sessions that are compared with a misspelt id: those that begin alike, and the latest. */
const SIMILAR_SESSIONS = `SELECT session_id FROM sessions
    WHERE session_id >= @start AND session_id < @start || char(0x10FFFF)
  UNION SELECT session_id FROM (SELECT session_id FROM sessions WHERE last_at_ms > 0
    ORDER BY last_at_ms DESC LIMIT 200)
  LIMIT 2000`;

/** Tells a value that exists outside the requested range from one that exists nowhere. */
export class KnownValues {
  readonly #db: Ledger;

  constructor(db: Ledger) {
    this.#db = db;
  }

  /** Whether the ledger has no request at all. */
  get isEmpty(): boolean {
    return this.#db.prepare('SELECT 1 FROM cost_records LIMIT 1').get() === undefined;
  }

  of(name: FactName): string[] {
    return this.#db.prepare(VALUES[name]).pluck().all() as string[];
  }

  /** The models that a text means. */
  modelsMeant(text: string): string[] {
    return this.of('model').filter((model) => isModelMeant(text, model));
  }

  /** Whether a request, the client, or a fork knows the session. */
  hasSession(id: string): boolean {
    return this.#db.prepare(SESSION).get({ id }) !== undefined;
  }

  similarSessions(id: string): string[] {
    const start = id.slice(0, 4);
    return this.#db.prepare(SIMILAR_SESSIONS).pluck().all({ start }) as string[];
  }
}
