import type { RecordJson } from '../../core/record/record-json.ts';
import { LedgerFollower } from '../../store/records/follow.ts';
import type { WorkerContext } from '../workers/context.ts';

/** Hooks of other processes write without telling; those of this one are looked for at once. */
const POLL_MS = 250;

/** Follows the ledger for the event stream, while anyone listens. */
export class Follower {
  readonly #worker: WorkerContext;
  readonly #tell: (records: RecordJson[]) => void;
  #ledger: { path: string; follower: LedgerFollower } | null = null;
  #timer: NodeJS.Timeout | null = null;

  constructor(worker: WorkerContext, tell: (records: RecordJson[]) => void) {
    this.#worker = worker;
    this.#tell = tell;
  }

  /** What was recorded while nobody listened is no news. */
  start(): void {
    if (this.#timer !== null) return;
    this.#poll();
    this.#timer = setInterval(() => this.look(), POLL_MS).unref();
  }

  /** Tells what has come since the last look; nothing where nobody listens. */
  look(): void {
    if (this.#timer === null) return;
    const records = this.#poll();
    if (records.length > 0) this.#tell(records);
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
