import type { RecordJson } from '../../core/record/record-json.ts';
import { LedgerFollower } from '../../store/records/follow.ts';
import type { WorkerContext } from '../workers/context.ts';

/** Other processes write without a notification. Writes of this process are picked up at once by `check`. */
const POLL_MS = 250;

/** Follows the ledger for the event stream while it has listeners. */
export class Follower {
  readonly #worker: WorkerContext;
  readonly #onRecords: (records: RecordJson[]) => void;
  #ledger: { path: string; follower: LedgerFollower } | null = null;
  #timer: NodeJS.Timeout | null = null;

  constructor(worker: WorkerContext, onRecords: (records: RecordJson[]) => void) {
    this.#worker = worker;
    this.#onRecords = onRecords;
  }

  /** Starts polling. Skips records that were added while there were no listeners. */
  start(): void {
    if (this.#timer !== null) return;
    this.#poll();
    this.#timer = setInterval(() => this.check(), POLL_MS).unref();
  }

  /** Reports the records added since the last poll; does nothing without listeners. */
  check(): void {
    if (this.#timer === null) return;
    const records = this.#poll();
    if (records.length > 0) this.#onRecords(records);
  }

  pause(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
  }

  stop(): void {
    this.pause();
    this.#ledger = null;
  }

  #poll(): RecordJson[] {
    const path = this.#worker.ledgerPath;
    if (this.#ledger?.path !== path) {
      const from = { sinceMs: null, laterLedgersFromMs: Date.now() };
      this.#ledger = { path, follower: new LedgerFollower(path, from) };
    }
    return this.#ledger.follower.poll();
  }
}
