import { type BudgetScope, scopeKey, scopeOfKey } from '../../core/budget/budget.ts';
import { type Sql, prepared } from '../connection/prepared.ts';
import { recordSums } from './measures.ts';
import type { Ledger } from '../connection/open.ts';
import { GRAIN_BUCKETS } from './grains.ts';
import type { GroupedRow } from './measures.ts';

/** A part of the spend that has its own roll-up. */
export interface RollupScope {
  /** The dimension of its roll-ups. */
  dimension: string;
  holds(row: GroupedRow): boolean;
}

const COLUMNS: Record<keyof BudgetScope, string> = {
  project: 'project_id',
  branch: 'git_branch',
  model: 'model',
  agentType: 'agent_type',
  tool: 'tool_name',
  provider: 'provider',
  client: 'client',
};

export function scopeDimension(scope: BudgetScope): string {
  return `scope:${scopeKey(scope)}`;
}

const SELECT: Sql<[], { key: string; projectId: number | null }> =
  `SELECT s.scope_json AS key, p.id AS projectId FROM rollup_scopes s
  LEFT JOIN projects p ON p.root = s.scope_json ->> 'project'`;

/** Reads the scopes that budgets use. */
export class ScopeReader {
  readonly #db: Ledger;

  constructor(db: Ledger) {
    this.#db = db;
  }

  read(): RollupScope[] {
    return prepared(this.#db, SELECT)
      .all()
      .map(({ key, projectId }) => {
        const scope = scopeOfKey(key);
        const wanted = (Object.keys(COLUMNS) as (keyof BudgetScope)[]).flatMap((name) =>
          scope[name] === null
            ? []
            : [{ column: COLUMNS[name], value: name === 'project' ? projectId : scope[name] }],
        );
        return {
          dimension: scopeDimension(scope),
          // A project without records has no id yet.
          holds: (row) =>
            wanted.every(({ column, value }) => value !== null && row[column] === value),
        };
      });
  }
}

/** The conditions of a scope over `cost_records r`, and their values. */
export function scopeConditions(scope: BudgetScope): { conditions: string[]; values: string[] } {
  const set = (Object.keys(COLUMNS) as (keyof BudgetScope)[]).filter(
    (name) => scope[name] !== null,
  );
  return {
    conditions: set.map((name) =>
      name === 'project'
        ? 'r.project_id = (SELECT id FROM projects WHERE root = ?)'
        : `r.${COLUMNS[name]} = ?`,
    ),
    values: set.map((name) => scope[name] ?? ''),
  };
}

/** Starts rolling up a scope, including everything recorded before; within the caller's transaction. */
export function addScope(db: Ledger, scope: BudgetScope): void {
  const added = db.prepare('INSERT OR IGNORE INTO rollup_scopes VALUES (?)').run(scopeKey(scope));
  if (added.changes === 0) return;
  const { conditions, values } = scopeConditions(scope);
  for (const [grain, bucket] of Object.entries(GRAIN_BUCKETS)) {
    db.prepare(
      `INSERT INTO rollups SELECT ?, '${grain}', ${bucket}, '', ${recordSums('r')}
       FROM cost_records r WHERE ${conditions.join(' AND ')} GROUP BY 3`,
    ).run(scopeDimension(scope), ...values);
  }
}

/** Stops rolling up a scope that no budget uses any more. */
export function removeScope(db: Ledger, key: string): void {
  db.prepare('DELETE FROM rollup_scopes WHERE scope_json = ?').run(key);
  db.prepare('DELETE FROM rollups WHERE dimension = ?').run(`scope:${key}`);
}
