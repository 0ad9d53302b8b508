import { setTimeout as wait } from 'node:timers/promises';
import { toErrorMessage } from '../../core/lang/message-of.ts';
import type { WorkerPool } from '../workers/pool.ts';

/** Transcripts are read again before an answer if the last reading is older than this. */
const FRESH_MS = 3000;
/** The longest that an answer waits for transcripts to be read. */
const MAX_WAIT_MS = 250;
/** The first answer waits longer, as the ledger may still be empty. A first import takes 20 s per gigabyte. */
const FIRST_WAIT_MS = 5000;

/** Has new transcript lines read before requests are answered, as the reporting commands do. */
export class Freshness {
  readonly #threads: WorkerPool;
  readonly #isOn: boolean;
  #atMs = 0;
  #hasRead = false;
  #running: Promise<void> | null = null;
  /** When the last complete reading of the transcripts began; null: none is complete yet. */
  refreshedAtMs: number | null = null;
  /** Why the last reading failed. */
  trouble: string | null = null;

  constructor(threads: WorkerPool, isOn: boolean) {
    this.#threads = threads;
    this.#isOn = isOn;
  }

  async ensure(): Promise<void> {
    if (!this.#isOn || Date.now() - this.#atMs < FRESH_MS) return;
    const limit = new AbortController();
    await Promise.race([
      this.refresh(),
      wait(this.#hasRead ? MAX_WAIT_MS : FIRST_WAIT_MS, undefined, {
        signal: limit.signal,
      }).catch(() => undefined),
    ]);
    limit.abort();
  }

  /** Reads the transcripts; calls during a reading share it. */
  refresh(): Promise<void> {
    if (!this.#isOn) return Promise.resolve();
    this.#running ??= this.#read().finally(() => (this.#running = null));
    return this.#running;
  }

  /** Has the follower read the ledger now. */
  async check(): Promise<void> {
    await this.#threads.ask('ingest', { kind: 'check' }).catch(() => undefined);
  }

  async #read(): Promise<void> {
    const startedAtMs = Date.now();
    try {
      await this.#threads.ask('ingest', { kind: 'refresh' });
      this.refreshedAtMs = startedAtMs;
      this.trouble = null;
    } catch (error) {
      this.trouble = toErrorMessage(error);
    }
    this.#hasRead = true;
    // Set after a failure too, so that the next attempt is not made at every request.
    this.#atMs = startedAtMs;
  }
}
