import type { Statement } from 'better-sqlite3';
import type { Ledger } from './open.ts';

/**
 * A statement that is prepared when it first runs: a hook needs a third of the writer's forty, and
 * preparing all of them takes it two milliseconds.
 */
export class LazyStatement<Bind extends unknown[] = unknown[], Row = unknown> {
  readonly #db: Ledger;
  readonly #sql: string;
  #prepared: Statement<Bind, Row> | null = null;

  constructor(db: Ledger, sql: string) {
    this.#db = db;
    this.#sql = sql;
  }

  get(...values: Bind): Row | undefined {
    return this.#statement().get(...values);
  }

  all(...values: Bind): Row[] {
    return this.#statement().all(...values);
  }

  run(...values: Bind): { changes: number; lastInsertRowid: number | bigint } {
    return this.#statement().run(...values);
  }

  #statement(): Statement<Bind, Row> {
    this.#prepared ??= this.#db.prepare<Bind, Row>(this.#sql) as Statement<Bind, Row>;
    return this.#prepared;
  }
}
