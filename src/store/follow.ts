import { statSync } from 'node:fs';
import { fingerprint } from '../core/fingerprint.ts';
import { type RecordJson, recordJson } from '../core/record-json.ts';
import { type Ledger, openLedger } from './open.ts';

/** Rows fetched at once. */
const PAGE_ROWS = 500;
const BASELINE_PAGE_ROWS = 20_000;

/**
 * Hands out each record once, as it is recorded, through everything that can happen to the file:
 * not there yet, vacuumed, deleted, put back. It holds the ledger open for the time of a look only:
 * SQLite shares the files beside a ledger by their names, so a connection to a deleted ledger would
 * get in the way of the one that takes its place.
 */
export class LedgerFollower {
  readonly #path: string;
  readonly #sinceMs: number | null;
  /** Fingerprints of the records that were handed out, and of those that were there before. */
  readonly #known = new Set<number>();
  /** Messages that a payload told of; the transcript's record of them is no news. */
  readonly #toldByPayload = new Set<string>();
  #identity: string | null = null;
  #lastSeq = 0;
  #isFirst = true;

  /** @param sinceMs records of that time and later are handed out at once; null: only new ones */
  constructor(path: string, sinceMs: number | null) {
    this.#path = path;
    this.#sinceMs = sinceMs;
  }

  /** Everything recorded since the last call; empty while there is no ledger. */
  poll(): RecordJson[] {
    const fresh: RecordJson[] = [];
    const identity = identityOf(this.#path);
    if (identity === null) {
      this.#isFirst = false;
      return fresh;
    }
    let db: Ledger | null = null;
    try {
      db = openLedger(this.#path, { busyTimeoutMs: 1000, readonly: true });
      if (identity !== this.#identity) this.#begin(db, identity);
      this.#read(db, fresh);
    } catch {
      // Not made yet, locked, or half gone: the next poll looks again from where this one came to.
    } finally {
      db?.close();
    }
    return fresh;
  }

  /** What was recorded before the follower came is old; a ledger that comes later is all new. */
  #begin(db: Ledger, identity: string): void {
    const baseline = this.#isFirst ? this.#readBaseline(db) : 0;
    this.#lastSeq = this.#sinceMs === null ? baseline : 0;
    this.#identity = identity;
    this.#isFirst = false;
  }

  #readBaseline(db: Ledger): number {
    const page = db.prepare(
      `SELECT seq, id FROM cost_records WHERE seq > ? AND occurred_at_ms < ? ORDER BY seq LIMIT ?`,
    );
    const before = this.#sinceMs ?? Number.MAX_SAFE_INTEGER;
    let last = 0;
    for (;;) {
      const rows = page.all(last, before, BASELINE_PAGE_ROWS) as { seq: number; id: string }[];
      for (const row of rows) this.#known.add(keyOf(row.id));
      last = rows.at(-1)?.seq ?? last;
      if (rows.length < BASELINE_PAGE_ROWS) return last;
    }
  }

  #read(db: Ledger, into: RecordJson[]): void {
    const page = db.prepare(
      `SELECT r.*, p.root AS project FROM cost_records r LEFT JOIN projects p ON p.id = r.project_id
       WHERE r.seq > ? ORDER BY r.seq LIMIT ?`,
    );
    for (;;) {
      const rows = page.all(this.#lastSeq, PAGE_ROWS) as Record<string, unknown>[];
      for (const row of rows) {
        const record = recordJson(row);
        this.#lastSeq = record.seq;
        if (this.#isNew(record)) into.push(record);
      }
      if (rows.length < PAGE_ROWS) return;
    }
  }

  #isNew(record: RecordJson): boolean {
    const key = keyOf(record.id);
    if (this.#known.has(key)) return false;
    this.#known.add(key);
    const { messageId } = record;
    if (messageId === null) return true;
    if (this.#toldByPayload.has(messageId)) return false;
    if (record.source === 'payload') this.#toldByPayload.add(messageId);
    return true;
  }
}

/** 52 bits of an identity: a million of them take megabytes, not a hundred. */
function keyOf(id: string): number {
  return Number.parseInt(fingerprint(Buffer.from(id)).slice(0, 13), 16);
}

/** An inode may be given out again at once; the time of its birth is another then. */
export function identityOf(path: string): string | null {
  try {
    const stat = statSync(path);
    return `${stat.dev}:${stat.ino}:${stat.birthtimeMs}`;
  } catch {
    return null;
  }
}
