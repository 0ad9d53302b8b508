import { readFileIdentity } from '../records/follow.ts';
import { type Ledger, openLedger, refuseNewer } from './open.ts';

/** A process that is asked time and again finds the ledger open; one that is left alone lets it go. */
const IDLE_MS = 300;

interface OpenConnection {
  db: Ledger;
  path: string;
  identity: string | null;
  users: number;
}

/**
 * Keeps the ledger open between two uses, for as long as its path means the same file. Not for longer
 * than it is used: a connection to a ledger that was deleted shares the files beside it, by their
 * names, with the one that takes its place. The last connection to close waits for the disk, which
 * so happens when nobody is waiting.
 */
export class SharedConnection {
  #current: OpenConnection | null = null;
  readonly #all = new Map<Ledger, OpenConnection>();
  #idle: NodeJS.Timeout | null = null;

  /**
   * The ledger that the path means now, made where there is none. To be given back.
   * @param busyTimeoutMs how long its statements wait for another writer, until it is given back
   * @throws as `openLedger` does; NewerLedgerError where it was migrated in the meantime
   */
  acquire(path: string, busyTimeoutMs: number): Ledger {
    if (this.#idle !== null) clearTimeout(this.#idle);
    this.#idle = null;
    const kept = this.#current ?? null;
    const isSame =
      kept !== null &&
      kept.path === path &&
      kept.identity !== null &&
      kept.identity === readFileIdentity(path);
    if (kept !== null && !isSame) this.#retire(kept);
    const current = isSame ? kept : this.#open(path, busyTimeoutMs);
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
    const kept = this.#all.get(db);
    if (kept === undefined) return;
    kept.users -= 1;
    if (kept.users > 0) return;
    if (kept !== this.#current) this.#close(kept);
    else this.#idle ??= setTimeout(() => this.close(), IDLE_MS).unref();
  }

  /** What is in use is closed when it is given back. */
  close(): void {
    if (this.#idle !== null) clearTimeout(this.#idle);
    this.#idle = null;
    if (this.#current !== null) this.#retire(this.#current);
  }

  #open(path: string, busyTimeoutMs: number): OpenConnection {
    const db = openLedger(path, { busyTimeoutMs });
    const kept = { db, path, identity: readFileIdentity(path), users: 0 };
    this.#all.set(db, kept);
    this.#current = kept;
    return kept;
  }

  #retire(kept: OpenConnection): void {
    if (kept === this.#current) this.#current = null;
    if (kept.users === 0) this.#close(kept);
  }

  #close(kept: OpenConnection): void {
    this.#all.delete(kept.db);
    try {
      kept.db.close();
    } catch {
      // A statement is still at work in it: it goes with the process.
    }
  }
}
