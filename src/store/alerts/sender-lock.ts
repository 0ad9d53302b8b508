import type Database from 'better-sqlite3';
import { connect } from '../connection/sqlite.ts';

/**
 * Ensures that at most one process sends alerts. It is SQLite's own lock on an empty database next to
 * the ledger: the system releases it when its process ends, for whatever reason, so there is no lease
 * that a changed clock could break and no process id that could have been reused.
 */
export class SenderLock {
  readonly #db: Database.Database;

  private constructor(db: Database.Database) {
    this.#db = db;
  }

  /** @returns null if another sender holds the lock @throws SQLite's own error */
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
