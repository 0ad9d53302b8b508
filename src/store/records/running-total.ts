import type { RecordJson } from '../../core/record/record-json.ts';
import { readFileIdentity } from './follow.ts';
import { type Ledger, openLedger } from '../connection/open.ts';

/** Records whose cost may still change: a streaming response, or a payload before its transcript. */
const RECENT = 200;
const PAGE_ROWS = 1000;

/**
 * The current cost of all records that were shown: a record may be completed or priced again after it
 * was shown.
 */
export class RunningTotal {
  readonly #path: string;
  #identity: string | null = null;
  /** By `seq`, in the order in which they were shown; for one ledger file. */
  readonly #costs = new Map<number, number>();
  /** A transcript's record replaces a payload's, under another `seq`. */
  readonly #payloads = new Map<number, { sessionId: string; messageId: string }>();
  #recent: number[] = [];
  requests = 0;
  totalNanoUsd = 0n;

  constructor(path: string) {
    this.#path = path;
  }

  add(record: RecordJson): void {
    const identity = readFileIdentity(this.#path);
    if (identity !== this.#identity) {
      // Another file has other row numbers: records shown from the first keep their shown cost.
      this.#costs.clear();
      this.#payloads.clear();
      this.#recent = [];
      this.#identity = identity;
    }
    const { seq, sessionId, messageId, costNanoUsd, source } = record;
    this.#costs.set(seq, Number(costNanoUsd ?? 0));
    if (source === 'payload' && messageId !== null)
      this.#payloads.set(seq, { sessionId, messageId });
    this.#recent.push(seq);
    if (this.#recent.length > 2 * RECENT) this.#recent = this.#recent.slice(-RECENT);
    this.requests++;
    this.totalNanoUsd += BigInt(costNanoUsd ?? 0);
  }

  /** Reads the costs again. If the ledger can't be read, the shown costs are kept. */
  refresh(which: 'recent' | 'all'): void {
    if (this.#costs.size === 0 || readFileIdentity(this.#path) !== this.#identity) return;
    let db: Ledger | null = null;
    try {
      db = openLedger(this.#path, { busyTimeoutMs: 1000, readonly: true });
      const seqs = which === 'all' ? [...this.#costs.keys()] : this.#recent.slice(-RECENT);
      for (let at = 0; at < seqs.length; at += PAGE_ROWS) {
        this.#correctPage(db, seqs.slice(at, at + PAGE_ROWS));
      }
    } catch {
      // Locked, or being deleted.
    } finally {
      db?.close();
    }
  }

  #correctPage(db: Ledger, seqs: number[]): void {
    const rows = db
      .prepare(
        `SELECT seq, coalesce(cost_nano_usd, 0) AS cost FROM cost_records
         WHERE seq IN (SELECT value FROM json_each(?))`,
      )
      .all(JSON.stringify(seqs)) as { seq: number; cost: number }[];
    const costs = new Map(rows.map(({ seq, cost }) => [seq, cost]));
    for (const seq of seqs) {
      const cost = costs.get(seq) ?? this.#replacementCost(db, seq);
      this.totalNanoUsd += BigInt(cost) - BigInt(this.#costs.get(seq) ?? 0);
      this.#costs.set(seq, cost);
    }
  }

  /** A record that was removed without a replacement costs nothing. */
  #replacementCost(db: Ledger, seq: number): number {
    const payload = this.#payloads.get(seq);
    if (payload === undefined) return 0;
    const cost = db
      .prepare(
        `SELECT sum(cost_nano_usd) FROM cost_records WHERE session_id = ? AND message_id = ?`,
      )
      .pluck()
      .get(payload.sessionId, payload.messageId) as number | null;
    return cost ?? 0;
  }
}
