import { type RecordJson, recordJson } from '../core/record-json.ts';
import { identityOf } from './follow.ts';
import { type Ledger, openLedger } from './open.ts';

/** Rows fetched at once. */
const PAGE_ROWS = 500;
/** What was told is remembered so far back: for the record of a transcript that takes a payload's place. */
const REMEMBERED = 10_000;

/**
 * Hands out what arrives in a ledger, for a process that goes on for weeks: unlike `LedgerFollower` it
 * does not know every record that was there before, which takes seconds and megabytes for a million.
 * So of a ledger that takes the place of another one (it may be read anew from the transcripts) only
 * what was requested since the following began is news.
 */
export class ArrivalFollower {
  readonly #path: string;
  readonly #startedAtMs: number;
  #identity: string | null = null;
  #lastSeq = 0;
  /** Earlier requests are no news. */
  #sinceMs = Number.MIN_SAFE_INTEGER;
  /** Ids of records, and of messages that a payload told of, in the order of telling. */
  readonly #told = new Set<string>();

  constructor(path: string, startedAtMs: number) {
    this.#path = path;
    this.#startedAtMs = startedAtMs;
  }

  /** What has arrived since the last call; the first one only looks where the ledger ends. */
  poll(): RecordJson[] {
    const identity = identityOf(this.#path);
    if (identity === null) return [];
    let db: Ledger | null = null;
    const fresh: RecordJson[] = [];
    try {
      db = openLedger(this.#path, { busyTimeoutMs: 1000, readonly: true });
      const end =
        (db.prepare('SELECT max(seq) FROM cost_records').pluck().get() as number | null) ?? 0;
      if (this.#identity === null) this.#lastSeq = end;
      else if (identity !== this.#identity) {
        this.#lastSeq = 0;
        this.#sinceMs = this.#startedAtMs;
      }
      this.#identity = identity;
      this.#read(db, end, fresh);
    } catch {
      // Locked, or half gone: the next poll looks again from where this one came to.
    } finally {
      db?.close();
    }
    return fresh;
  }

  #read(db: Ledger, end: number, into: RecordJson[]): void {
    const page = db.prepare(
      `SELECT r.*, p.root AS project FROM cost_records r LEFT JOIN projects p ON p.id = r.project_id
       WHERE r.seq > ? AND r.seq <= ? AND r.occurred_at_ms >= ? ORDER BY r.seq LIMIT ?`,
    );
    for (;;) {
      const rows = page.all(this.#lastSeq, end, this.#sinceMs, PAGE_ROWS) as Record<
        string,
        unknown
      >[];
      for (const row of rows) {
        const record = recordJson(row);
        this.#lastSeq = record.seq;
        if (this.#isNew(record)) into.push(record);
      }
      if (rows.length < PAGE_ROWS) break;
    }
    this.#lastSeq = end;
  }

  #isNew({ id, messageId, source }: RecordJson): boolean {
    const isKnown = this.#told.has(id) || (messageId !== null && this.#told.has(messageId));
    this.#remember(id);
    if (messageId !== null && source === 'payload') this.#remember(messageId);
    return !isKnown;
  }

  #remember(name: string): void {
    this.#told.add(name);
    const [oldest] = this.#told;
    if (this.#told.size > REMEMBERED && oldest !== undefined) this.#told.delete(oldest);
  }
}
