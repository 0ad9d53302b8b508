import { readFileIdentity } from '../records/follow.ts';
import { type Ledger, openLedger, refuseNewer } from './open.ts';

/** A process with frequent requests finds the ledger open; after this time without any it is closed. */
const IDLE_MS = 300;

interface OpenConnection {
  db: Ledger;
  path: string;
  identity: string | null;
  users: number;
}

/**
 * Keeps the ledger open between two uses, as long as its path refers to the same file. It is closed soon
 * after its last use: a connection to a deleted ledger shares the files next to it, by name, with its
 * replacement. The last connection to close waits for the disk; this way that happens when nobody is
 * waiting.
 */
export class SharedConnection {
  #current: OpenConnection | null = null;
  readonly #all = new Map<Ledger, OpenConnection>();
  #idle: NodeJS.Timeout | null = null;

  /**
   * The ledger that the path refers to now, created if it does not exist. The caller has to release it.
   * @param busyTimeoutMs how long its statements wait for another writer, until it is released
   * @throws the errors of `openLedger`; NewerLedgerError if it was migrated in the meantime
   */
  acquire(path: string, busyTimeoutMs: number): Ledger {
    if (this.#idle !== null) clearTimeout(this.#idle);
    this.#idle = null;
    const previous = this.#current;
    const isSame =
      previous !== null &&
      previous.path === path &&
      previous.identity !== null &&
      previous.identity === readFileIdentity(path);
    if (previous !== null && !isSame) this.#retire(previous);
    const current = isSame ? previous : this.#open(path, busyTimeoutMs);
    if (isSame) {
      try {
        refuseNewer(current.db, path);
      } catch (error) {
        this.#retire(current);
        throw error;
      }
      current.db.pragma(`busy_timeout = ${busyTimeoutMs}`);
    }
    current.users += 1;
    return current.db;
  }

  release(db: Ledger): void {
    const connection = this.#all.get(db);
    if (connection === undefined) return;
    connection.users -= 1;
    if (connection.users > 0) return;
    if (connection !== this.#current) this.#close(connection);
    else this.#idle ??= setTimeout(() => this.close(), IDLE_MS).unref();
  }

  /** A connection in use is closed when it is released. */
  close(): void {
    if (this.#idle !== null) clearTimeout(this.#idle);
    this.#idle = null;
    if (this.#current !== null) this.#retire(this.#current);
  }

  #open(path: string, busyTimeoutMs: number): OpenConnection {
    const db = openLedger(path, { busyTimeoutMs });
    const connection = { db, path, identity: readFileIdentity(path), users: 0 };
    this.#all.set(db, connection);
    this.#current = connection;
    return connection;
  }

  #retire(connection: OpenConnection): void {
    if (connection === this.#current) this.#current = null;
    if (connection.users === 0) this.#close(connection);
  }

  #close(connection: OpenConnection): void {
    this.#all.delete(connection.db);
    try {
      connection.db.close();
    } catch {
      // A statement is still running: the connection closes with the process.
    }
  }
}
