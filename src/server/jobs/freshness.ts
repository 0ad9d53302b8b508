import { setTimeout as wait } from 'node:timers/promises';
import { toErrorMessage } from '../../core/lang/message-of.ts';
import type { WorkerPool } from '../workers/pool.ts';

/** Answers tell what was in the transcripts this long ago, or later. */
const FRESH_MS = 3000;
/** An answer waits no longer for the transcripts; */
const LONGEST_WAIT_MS = 250;
/** the first one longer, as before it the ledger may be empty. A first import takes 20 s a gigabyte. */
const FIRST_WAIT_MS = 5000;

/** Has new transcript lines read before answers are given, as reading commands do. */
export class Freshness {
  readonly #threads: WorkerPool;
  readonly #isOn: boolean;
  #atMs = 0;
  #hasRead = false;
  #running: Promise<void> | null = null;
  /** When transcripts were last begun to be read that were read to their end; null: not yet. */
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
      wait(this.#hasRead ? LONGEST_WAIT_MS : FIRST_WAIT_MS, undefined, {
        signal: limit.signal,
      }).catch(() => undefined),
    ]);
    limit.abort();
  }

  /** One reading at a time, whoever asks. */
  refresh(): Promise<void> {
    if (!this.#isOn) return Promise.resolve();
    this.#running ??= this.#read().finally(() => (this.#running = null));
    return this.#running;
  }

  /** Has the follower look at the ledger now. */
  async look(): Promise<void> {
    await this.#threads.ask('ingest', { kind: 'look' }).catch(() => undefined);
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
    // Where it failed too: the next try comes when the answer would be old again, not at every request.
    this.#atMs = startedAtMs;
  }
}
