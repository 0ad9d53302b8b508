import type Database from 'better-sqlite3';
import { connect } from '../connection/sqlite.ts';

/**
 * Makes sure that one process at most sends. It is SQLite's own lock on an empty database beside the
 * ledger: the system lets go of it when its process ends, however it ends, so that there is no lease that
 * a clock could break and no process id that another one could have got since.
 */
export class SenderLock {
  readonly #db: Database.Database;

  private constructor(db: Database.Database) {
    this.#db = db;
  }

  /** @returns null where another sender holds it @throws SQLite's own error */
  static take(ledgerPath: string): SenderLock | null {
    const umask = process.umask(0o077);
    const db = connect(`${ledgerPath}.sender`, { timeout: 0 });
    process.umask(umask);
    try {
      db.exec('BEGIN EXCLUSIVE');
      return new SenderLock(db);
    } catch (error) {
      db.close();
      if ((error as { code?: string }).code?.startsWith('SQLITE_BUSY') === true) return null;
      throw error;
    }
  }

  release(): void {
    this.#db.close();
  }
}
