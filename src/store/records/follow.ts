import { statSync } from 'node:fs';
import { type RecordJson, recordJson } from '../../core/record/record-json.ts';
import { type Ledger, openLedger } from '../connection/open.ts';

/** Rows fetched at once. */
const PAGE_ROWS = 500;
/** So many names are remembered, of the latest records and of those that were handed out. */
const REMEMBERED = 10_000;

export interface FollowFrom {
  /** Records of that time and later are handed out at once; null: only what arrives from now on. */
  sinceMs: number | null;
  /** Of a ledger that comes later, earlier requests than that are no news; null: all are. */
  laterLedgersFromMs: number | null;
}

type FollowedRecord = Pick<RecordJson, 'id' | 'messageId' | 'occurredAtMs' | 'source'>;

/**
 * Hands out each record once, as it is recorded, through everything that can happen to the file:
 * not there yet, vacuumed, deleted, put back. Within a ledger the order of arrival tells what is new.
 * One that takes its place may be read anew from the transcripts: there the names that are remembered
 * tell, and what was requested before any of those is old. So no start has to read a million ids.
 * It holds the ledger open for the time of a look only: SQLite shares the files beside a ledger by
 * their names, so a connection to a deleted ledger would get in the way of the one that takes its place.
 */
export class LedgerFollower {
  readonly #path: string;
  readonly #sinceMs: number | null;
  /**
   * Ids of records, and of messages that a payload told of (the transcript's record of them is no
   * news), each with the time of its request; the longest unused first.
   */
  readonly #known = new Map<string, number>();
  /** What was requested up to then may have been forgotten. */
  #forgottenMs: number;
  #identity: string | null = null;
  #isFirst = true;
  /** The ledger came while this one followed. */
  #isLater = false;
  #lastSeq = 0;
  /** Rows up to that one may be old; their time tells. */
  #oldUntilSeq = 0;

  constructor(path: string, { sinceMs, laterLedgersFromMs }: FollowFrom) {
    this.#path = path;
    this.#sinceMs = sinceMs;
    this.#forgottenMs = (laterLedgersFromMs ?? -Number.MAX_SAFE_INTEGER) - 1;
  }

  /** Everything recorded since the last call; empty while there is no ledger. */
  poll(): RecordJson[] {
    const fresh: RecordJson[] = [];
    const identity = readFileIdentity(this.#path);
    if (identity === null) {
      this.#isFirst = false;
      return fresh;
    }
    let db: Ledger | null = null;
    try {
      db = openLedger(this.#path, { busyTimeoutMs: 1000, readonly: true });
      const end =
        (db.prepare('SELECT max(seq) FROM cost_records').pluck().get() as number | null) ?? 0;
      if (identity !== this.#identity) this.#begin(db, identity, end);
      this.#read(db, end, fresh);
    } catch {
      // Not made yet, locked, or half gone: the next poll looks again from where this one came to.
    } finally {
      db?.close();
    }
    return fresh;
  }

  /** What was recorded before the follower came is old; a ledger that comes later is all new. */
  #begin(db: Ledger, identity: string, end: number): void {
    if (this.#isFirst) {
      this.#rememberLatest(db, end);
      this.#lastSeq = this.#seqBefore(db, end);
      this.#oldUntilSeq = end;
    } else {
      this.#lastSeq = 0;
      this.#oldUntilSeq = Number.MAX_SAFE_INTEGER;
    }
    this.#isLater = !this.#isFirst;
    this.#isFirst = false;
    this.#identity = identity;
  }

  #rememberLatest(db: Ledger, end: number): void {
    const latest = db.prepare(
      `SELECT id, message_id AS messageId, occurred_at_ms AS occurredAtMs, source FROM cost_records
       WHERE occurred_at_ms > ? AND occurred_at_ms < ? AND +seq <= ?
       ORDER BY occurred_at_ms DESC LIMIT ?`,
    );
    const before = this.#sinceMs ?? Number.MAX_SAFE_INTEGER;
    const rows = latest.all(this.#forgottenMs, before, end, REMEMBERED + 1) as FollowedRecord[];
    for (const row of rows.toReversed()) this.#remember(row);
  }

  /** The row after which reading starts. */
  #seqBefore(db: Ledger, end: number): number {
    if (this.#sinceMs === null) return end;
    // The plus has the index of times answer: for a bare `min(seq)` SQLite goes through the rows.
    const first = db
      .prepare('SELECT min(+seq) FROM cost_records WHERE occurred_at_ms >= ?')
      .pluck()
      .get(this.#sinceMs) as number | null;
    return first === null ? end : first - 1;
  }

  #read(db: Ledger, end: number, into: RecordJson[]): void {
    const page = db.prepare(
      `SELECT r.*, p.root AS project FROM cost_records r LEFT JOIN projects p ON p.id = r.project_id
       WHERE r.seq > ? AND r.seq <= ? AND (r.seq > ? OR +r.occurred_at_ms >= ?)
       ORDER BY r.seq LIMIT ?`,
    );
    for (;;) {
      const fromMs = this.#isLater ? this.#forgottenMs + 1 : this.#sinceMs;
      const rows = page.all(this.#lastSeq, end, this.#oldUntilSeq, fromMs, PAGE_ROWS) as Record<
        string,
        unknown
      >[];
      for (const row of rows) {
        const record = recordJson(row);
        this.#lastSeq = record.seq;
        if (this.#remember(record)) into.push(record);
      }
      if (rows.length < PAGE_ROWS) break;
    }
    // Not back, where the last row is gone: its number is never given out again.
    this.#lastSeq = Math.max(this.#lastSeq, end);
  }

  /** @returns whether it was not known */
  #remember({ id, messageId, occurredAtMs, source }: FollowedRecord): boolean {
    const isKnown = this.#known.has(id) || (messageId !== null && this.#known.has(messageId));
    this.#keep(id, occurredAtMs);
    if (messageId !== null && source === 'payload') this.#keep(messageId, occurredAtMs);
    return !isKnown;
  }

  #keep(name: string, atMs: number): void {
    this.#known.delete(name);
    this.#known.set(name, atMs);
    if (this.#known.size <= REMEMBERED) return;
    const [oldest] = this.#known;
    if (oldest === undefined) return;
    this.#known.delete(oldest[0]);
    this.#forgottenMs = Math.max(this.#forgottenMs, oldest[1]);
  }
}

/** An inode may be given out again at once; the time of its birth is another then. */
export function readFileIdentity(path: string): string | null {
  try {
    const stat = statSync(path);
    return `${stat.dev}:${stat.ino}:${stat.birthtimeMs}`;
  } catch {
    return null;
  }
}
