import type { Statement } from 'better-sqlite3';
import type { Ledger } from './open.ts';

/** The text of a statement with the types of its values and of its rows. */
export type Sql<Bind extends unknown[], Row = unknown> = string & {
  /** Any text has it: without it none would be of this type. */
  readonly length: number;
  /** Never there. */
  readonly types?: (values: Bind) => Row;
};

const known = new WeakMap<Ledger, Map<string, Statement>>();

/**
 * A statement, prepared when it first runs and kept for its connection: a hook needs a third of the
 * writer's forty, and to prepare all of them takes it two milliseconds; twenty budgets ask the same few
 * questions, which takes several times as long to prepare as to answer. `pluck` and `raw` stay with it,
 * too: who asks with the same text gets rows of the same form.
 * @param sql a constant where the statement is run for each row: a text made anew is hashed each time
 */
export function prepared<Bind extends unknown[], Row = unknown>(
  db: Ledger,
  sql: Sql<Bind, Row>,
): Statement<Bind, Row> {
  let statements = known.get(db);
  if (statements === undefined) {
    statements = new Map();
    known.set(db, statements);
  }
  let statement = statements.get(sql);
  if (statement === undefined) {
    statement = db.prepare(sql);
    statements.set(sql, statement);
  }
  return statement as Statement<Bind, Row>;
}
