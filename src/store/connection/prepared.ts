import type { Statement } from 'better-sqlite3';
import type { Ledger } from './open.ts';

/** The text of a statement, with the types of its parameters and its rows. */
export type Sql<Bind extends unknown[], Row = unknown> = string & {
  /** Every string has this; without it no string would be assignable to this type. */
  readonly length: number;
  /** Never present at run time. */
  readonly types?: (values: Bind) => Row;
};

const cache = new WeakMap<Ledger, Map<string, Statement>>();

/**
 * Prepares a statement when it first runs and caches it for its connection. A hook needs a third of the
 * writer's forty statements, and preparing all of them takes two milliseconds; twenty budgets run the
 * same few queries, which take several times as long to prepare as to run. `pluck` and `raw` are cached
 * too: callers with the same text get rows of the same shape.
 * @param sql a constant if the statement runs for each row: a newly built string is hashed each time
 */
export function prepared<Bind extends unknown[], Row = unknown>(
  db: Ledger,
  sql: Sql<Bind, Row>,
): Statement<Bind, Row> {
  let statements = cache.get(db);
  if (statements === undefined) {
    statements = new Map();
    cache.set(db, statements);
  }
  let statement = statements.get(sql);
  if (statement === undefined) {
    statement = db.prepare(sql);
    statements.set(sql, statement);
  }
  return statement as Statement<Bind, Row>;
}
