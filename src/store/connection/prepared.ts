import type { Statement } from 'better-sqlite3';
import type { Ledger } from './open.ts';

const known = new WeakMap<Ledger, Map<string, Statement>>();

/**
 * A statement, prepared once for a connection: twenty budgets ask the same few questions, and to prepare
 * one takes SQLite several times as long as to answer it.
 */
export function prepared(db: Ledger, sql: string): Statement {
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
  return statement;
}
