import { statSync } from 'node:fs';
import type { Statement } from 'better-sqlite3';
import { type RecordJson, recordJson } from '../core/record-json.ts';
import { type Ledger, openLedger } from './open.ts';

/** Rows fetched at once: a reader that stays open would keep the log from being folded back. */
const PAGE_ROWS = 500;

interface Connection {
  db: Ledger;
  /** Tells one ledger at a path from the next one at the same path. */
  identity: string;
  /** Rows up to here were there before the follower came. */
  baselineSeq: number;
  lastSeq: number;
  page: Statement<[number, number], Record<string, unknown>>;
}

/**
 * Hands out each record once, as it is recorded, through everything that can happen to the file:
 * not there yet, vacuumed, deleted, put back.
 */
export class LedgerFollower {
  readonly #path: string;
  readonly #sinceMs: number | null;
  readonly #seen = new Set<string>();
  #current: Connection | null = null;
  /** Ledgers that were deleted; an open connection still tells what was in them. */
  readonly #former: Connection[] = [];
  #isFirst = true;

  /** @param sinceMs records of that time and later are handed out at once; null: only new ones */
  constructor(path: string, sinceMs: number | null) {
    this.#path = path;
    this.#sinceMs = sinceMs;
  }

  /** Everything recorded since the last call; empty while there is no ledger. */
  poll(): RecordJson[] {
    this.#reconnect();
    const connection = this.#current;
    this.#isFirst = false;
    if (connection === null) return [];
    const fresh: RecordJson[] = [];
    try {
      for (;;) {
        const rows = connection.page.all(connection.lastSeq, PAGE_ROWS);
        for (const row of rows) {
          const record = recordJson(row);
          connection.lastSeq = record.seq;
          if (this.#isNew(record, connection)) fresh.push(record);
        }
        if (rows.length < PAGE_ROWS) break;
      }
    } catch {
      // Locked, or half gone: the next poll looks again from where this one came to.
    }
    return fresh;
  }

  close(): void {
    for (const { db } of [this.#current, ...this.#former].filter((one) => one !== null)) db.close();
  }

  #isNew(record: RecordJson, connection: Connection): boolean {
    if (this.#seen.has(record.id)) return false;
    if (record.seq <= connection.baselineSeq && record.occurredAtMs < (this.#sinceMs ?? 0)) {
      return false;
    }
    if (this.#former.some((former) => wasBaseline(former, record.id))) return false;
    this.#seen.add(record.id);
    return true;
  }

  #reconnect(): void {
    const identity = identityOf(this.#path);
    if (identity === null || identity === this.#current?.identity) return;
    const db = openExisting(this.#path);
    if (db === null) return;
    if (this.#current !== null) this.#former.push(this.#current);
    // What was recorded before the follower came is old; a ledger that comes later is all new.
    const last = db.prepare('SELECT max(seq) FROM cost_records').pluck().get() as number | null;
    const baselineSeq = this.#isFirst ? (last ?? 0) : 0;
    this.#current = {
      db,
      identity,
      baselineSeq,
      lastSeq: this.#sinceMs === null ? baselineSeq : 0,
      page: db.prepare(
        `SELECT r.*, p.root AS project FROM cost_records r LEFT JOIN projects p ON p.id = r.project_id
         WHERE r.seq > ? ORDER BY r.seq LIMIT ?`,
      ),
    };
  }
}

function openExisting(path: string): Ledger | null {
  try {
    return openLedger(path, { busyTimeoutMs: 1000, readonly: true });
  } catch {
    return null;
  }
}

function wasBaseline({ db, baselineSeq }: Connection, id: string): boolean {
  const seq = db.prepare('SELECT seq FROM cost_records WHERE id = ?').pluck().get(id) as
    | number
    | undefined;
  return seq !== undefined && seq <= baselineSeq;
}

/** An inode may be given out again at once; the time of its birth is another then. */
function identityOf(path: string): string | null {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat === undefined ? null : `${stat.dev}:${stat.ino}:${stat.birthtimeMs}`;
}
