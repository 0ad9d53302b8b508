import { MEASURES, type MeasureName, type Measures } from '../rollups/measures.ts';
import { SESSION_CLIENT } from './reader.ts';
import type { Ledger } from '../connection/open.ts';
import { NO_FILTER, type RecordFilter, buildConditions } from '../records/filter.ts';

export interface ListedSession {
  sessionId: string;
  parentSessionId: string | null;
  /** Folder of the project of the latest request that has one. */
  project: string | null;
  client: string | null;
  firstAtMs: number;
  lastAtMs: number;
  /** The most expensive first. */
  models: string[];
  /** The most expensive first; null: the main thread. */
  agentTypes: (string | null)[];
  measures: Measures;
}

/** Sort keys; `time` is that of the last request, `agent` the first agent type by name. */
export const SESSION_ORDERS = [
  'time',
  'cost',
  'input',
  'output',
  'requests',
  'session',
  'agent',
  'model',
] as const;
export type SessionOrder = (typeof SESSION_ORDERS)[number];

const OWN = 'FROM cost_records r WHERE r.session_id = s.session_id';
const ORDERS: Record<SessionOrder, string> = {
  time: 's.last_at_ms',
  cost: 's.cost_nano_usd',
  input: 's.input_tokens + s.cache_read_tokens + s.cache_write_5m_tokens + s.cache_write_1h_tokens',
  output: 's.output_tokens',
  requests: 's.requests',
  session: 's.session_id',
  agent: `(SELECT min(r.agent_type) ${OWN})`,
  model: `(SELECT r.model ${OWN} GROUP BY r.model ORDER BY sum(r.cost_nano_usd) DESC LIMIT 1)`,
};

/** Whether the order depends only on the `sessions` table, not on requests. */
export function isQuickOrder(order: SessionOrder): boolean {
  return order !== 'agent' && order !== 'model';
}

type SessionFact = 'measures' | 'models' | 'agentTypes';
type Row = Omit<ListedSession, SessionFact> & Record<MeasureName, number | bigint>;

const COLUMNS = `s.session_id AS sessionId, s.parent_session_id AS parentSessionId, p.root AS project,
  ${SESSION_CLIENT} AS client, s.first_at_ms AS firstAtMs, s.last_at_ms AS lastAtMs,
  ${MEASURES.map((name) => `s.${name}`).join(', ')}`;
const FROM = 'FROM sessions s LEFT JOIN projects p ON p.id = s.project_id';

/** Lists sessions with their total costs. */
export class SessionList {
  readonly #db: Ledger;

  constructor(db: Ledger) {
    this.#db = db;
  }

  count(filter: RecordFilter): number {
    const { where, values, named } = buildSessionWhere(filter);
    const count = this.#db.prepare(`SELECT count(*) ${FROM} ${where}`).pluck();
    return count.get(...values, named) as number;
  }

  page(
    filter: RecordFilter,
    { sort, order }: { sort: SessionOrder; order: 'asc' | 'desc' },
    offset: number,
    size: number,
  ): ListedSession[] {
    const { where, values, named } = buildSessionWhere(filter);
    const direction = order === 'asc' ? 'ASC' : 'DESC';
    const statement = this.#db
      .prepare(
        `SELECT ${COLUMNS}
         ${FROM} ${where} ORDER BY ${ORDERS[sort]} ${direction}, s.last_at_ms DESC, s.session_id
         LIMIT @size OFFSET @offset`,
      )
      .safeIntegers();
    const rows = statement.all(...values, { ...named, size, offset }) as Row[];
    return this.#listed(rows);
  }

  one(sessionId: string): ListedSession | null {
    const statement = this.#db
      .prepare(
        `SELECT ${COLUMNS}
         ${FROM} WHERE s.requests > 0 AND s.session_id = ?`,
      )
      .safeIntegers();
    const row = statement.get(sessionId) as Row | undefined;
    return this.#listed(row === undefined ? [] : [row])[0] ?? null;
  }

  #listed(rows: Row[]): ListedSession[] {
    const ids = JSON.stringify(rows.map(({ sessionId }) => sessionId));
    const parts = this.#db
      .prepare(
        `SELECT r.session_id AS sessionId, r.model, r.agent_type AS agentType FROM cost_records r
         WHERE r.session_id IN (SELECT value FROM json_each(?))
         GROUP BY r.session_id, r.model, r.agent_type ORDER BY sum(r.cost_nano_usd) DESC, 2, 3`,
      )
      .all(ids) as { sessionId: string; model: string; agentType: string | null }[];
    return rows.map((row) => {
      const own = parts.filter(({ sessionId }) => sessionId === row.sessionId);
      return {
        ...listed(row),
        models: [...new Set(own.map(({ model }) => model))],
        agentTypes: [...new Set(own.map(({ agentType }) => agentType))],
      };
    });
  }
}

function listed(row: Row): Omit<ListedSession, 'models' | 'agentTypes'> {
  const { sessionId, parentSessionId, project, client, firstAtMs, lastAtMs } = row;
  const measures = Object.fromEntries(
    MEASURES.map((name) => [name, BigInt(row[name])]),
  ) as Measures;
  const times = { firstAtMs: Number(firstAtMs), lastAtMs: Number(lastAtMs) };
  return { sessionId, parentSessionId, project, client, ...times, measures };
}

/** The condition on the time, which is always true without a filter, makes SQLite use its index. */
function buildSessionWhere(filter: RecordFilter) {
  const { project, sinceMs, untilMs, ...facts } = filter;
  const conditions = ['s.requests > 0', 's.last_at_ms >= @sinceMs'];
  const named: Record<string, string | number> = { sinceMs: sinceMs ?? 0 };
  if (project !== null) {
    conditions.push('p.root = @projectRoot');
    named['projectRoot'] = project;
  }
  if (untilMs !== null) {
    conditions.push('s.first_at_ms < @untilMs');
    named['untilMs'] = untilMs;
  }
  const hasFacts = Object.values(facts).some((fact) => fact !== null);
  const own = buildConditions({ ...NO_FILTER, ...facts, sinceMs, untilMs });
  if (hasFacts) conditions.push(`EXISTS (SELECT 1 ${OWN} AND ${own.conditions.join(' AND ')})`);
  return { where: `WHERE ${conditions.join(' AND ')}`, values: hasFacts ? own.values : [], named };
}
