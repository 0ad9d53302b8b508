import { MEASURES, type MeasureName, type Measures } from './measures.ts';
import type { Ledger } from './open.ts';

export interface ListedSession {
  sessionId: string;
  parentSessionId: string | null;
  /** Folder of the project of its last request that has one. */
  project: string | null;
  firstAtMs: number;
  lastAtMs: number;
  measures: Measures;
}

/** Which sessions are listed; null: all. */
export interface SessionFilter {
  projectRoot: string | null;
  /** Sessions with a request in this time or later. */
  sinceMs: number | null;
  /** Sessions with a request before this time. */
  untilMs: number | null;
}

type Row = Omit<ListedSession, 'measures'> & Record<MeasureName, number | bigint>;

const COLUMNS = `s.session_id AS sessionId, s.parent_session_id AS parentSessionId, p.root AS project,
  s.first_at_ms AS firstAtMs, s.last_at_ms AS lastAtMs,
  ${MEASURES.map((name) => `s.${name}`).join(', ')}`;
const FROM = 'FROM sessions s LEFT JOIN projects p ON p.id = s.project_id';

/** Lists sessions with what they cost as a whole. */
export class SessionList {
  readonly #db: Ledger;

  constructor(db: Ledger) {
    this.#db = db;
  }

  count(filter: SessionFilter): number {
    const { where, values } = whereOf(filter);
    return this.#db.prepare(`SELECT count(*) ${FROM} ${where}`).pluck().get(values) as number;
  }

  /** The latest first. */
  page(filter: SessionFilter, offset: number, size: number): ListedSession[] {
    const { where, values } = whereOf(filter);
    const statement = this.#db
      .prepare(
        `SELECT ${COLUMNS}
         ${FROM} ${where} ORDER BY s.last_at_ms DESC, s.session_id LIMIT @size OFFSET @offset`,
      )
      .safeIntegers();
    const rows = statement.all({ ...values, size, offset }) as Row[];
    return rows.map(listed);
  }

  one(sessionId: string): ListedSession | null {
    const statement = this.#db
      .prepare(
        `SELECT ${COLUMNS}
         ${FROM} WHERE s.requests > 0 AND s.session_id = ?`,
      )
      .safeIntegers();
    const row = statement.get(sessionId) as Row | undefined;
    return row === undefined ? null : listed(row);
  }
}

function listed(row: Row): ListedSession {
  const { sessionId, parentSessionId, project, firstAtMs, lastAtMs } = row;
  const measures = Object.fromEntries(
    MEASURES.map((name) => [name, BigInt(row[name])]),
  ) as Measures;
  const times = { firstAtMs: Number(firstAtMs), lastAtMs: Number(lastAtMs) };
  return { sessionId, parentSessionId, project, ...times, measures };
}

/** The range of times, of all that there are, makes SQLite take their index. */
function whereOf({ projectRoot, sinceMs, untilMs }: SessionFilter) {
  const conditions = ['s.requests > 0', 's.last_at_ms >= @sinceMs'];
  const values: Record<string, string | number> = { sinceMs: sinceMs ?? 0 };
  if (projectRoot !== null) {
    conditions.push('p.root = @projectRoot');
    values['projectRoot'] = projectRoot;
  }
  if (untilMs !== null) {
    conditions.push('s.first_at_ms < @untilMs');
    values['untilMs'] = untilMs;
  }
  return { where: `WHERE ${conditions.join(' AND ')}`, values };
}
