import { statSync } from 'node:fs';
import { type RecordJson, recordJson } from '../../core/record/record-json.ts';
import { type Ledger, openLedger } from '../connection/open.ts';

/** Rows fetched at once. */
const PAGE_ROWS = 500;
/** How many ids of the latest and of returned records are remembered. */
const REMEMBERED = 10_000;

export interface FollowFrom {
  /** Records of that time and later are returned at once; null: only those that arrive from now on. */
  sinceMs: number | null;
  /** Requests before this time in a ledger that appears later are not new; null: all are. */
  laterLedgersFromMs: number | null;
}

type FollowedRecord = Pick<RecordJson, 'id' | 'messageId' | 'occurredAtMs' | 'source'>;

/**
 * Returns each record once, when it is recorded, whatever happens to the file: not created yet,
 * vacuumed, deleted, restored. Within a ledger the order of arrival decides what is new. A ledger that
 * replaces another may have been read again from the transcripts: there the remembered ids decide, and
 * requests older than all of these count as old, so that no start has to read a million ids.
 * The ledger is open only during a check: SQLite shares the files next to a ledger by name, so a
 * connection to a deleted ledger would disturb its replacement.
 */
export class LedgerFollower {
  readonly #path: string;
  readonly #sinceMs: number | null;
  /**
   * Ids of records, and of messages reported by a payload (whose record from the transcript is not new),
   * each with the time of its request; the least recently used first.
   */
  readonly #remembered = new Map<string, number>();
  /** Requests up to this time may have been forgotten. */
  #forgottenMs: number;
  #identity: string | null = null;
  #isFirst = true;
  /** The ledger appeared after the follower had started. */
  #isLater = false;
  #lastSeq = 0;
  /** Rows up to this one may be old; their time decides. */
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
      // Not created yet, locked, or being deleted: the next poll continues from here.
    } finally {
      db?.close();
    }
    return fresh;
  }

  /** Records from before the follower started are old; in a ledger that appears later all are new. */
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
    // The plus makes SQLite use the index of times; a bare `min(seq)` would scan the rows.
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
    // Never backwards if the last row was deleted, because its number is never reused.
    this.#lastSeq = Math.max(this.#lastSeq, end);
  }

  /** @returns false if it was remembered already */
  #remember({ id, messageId, occurredAtMs, source }: FollowedRecord): boolean {
    const isOld =
      this.#remembered.has(id) || (messageId !== null && this.#remembered.has(messageId));
    this.#keep(id, occurredAtMs);
    if (messageId !== null && source === 'payload') this.#keep(messageId, occurredAtMs);
    return !isOld;
  }

  #keep(name: string, atMs: number): void {
    this.#remembered.delete(name);
    this.#remembered.set(name, atMs);
    if (this.#remembered.size <= REMEMBERED) return;
    const [oldest] = this.#remembered;
    if (oldest === undefined) return;
    this.#remembered.delete(oldest[0]);
    this.#forgottenMs = Math.max(this.#forgottenMs, oldest[1]);
  }
}

/** Identifies a file. An inode may be reused at once, but then the time of creation differs. */
export function readFileIdentity(path: string): string | null {
  try {
    const stat = statSync(path);
    return `${stat.dev}:${stat.ino}:${stat.birthtimeMs}`;
  } catch {
    return null;
  }
}
