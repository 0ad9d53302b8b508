import { setTimeout as wait } from 'node:timers/promises';
import { messageOf } from '../core/message-of.ts';
import type { Threads } from './threads.ts';

/** Answers tell what was in the transcripts this long ago, or later. */
const FRESH_MS = 3000;
/** An answer waits no longer for the transcripts: a first import takes as long as the history is large. */
const LONGEST_WAIT_MS = 250;

/** Has new transcript lines read before answers are given, as reading commands do. */
export class Freshness {
  readonly #threads: Threads;
  readonly #isOn: boolean;
  #atMs = 0;
  #running: Promise<void> | null = null;
  /** Why the last reading failed. */
  trouble: string | null = null;

  constructor(threads: Threads, isOn: boolean) {
    this.#threads = threads;
    this.#isOn = isOn;
  }

  /** When transcripts were last read to their end; null: not yet, or not at all. */
  get refreshedAtMs(): number | null {
    return this.#atMs === 0 ? null : this.#atMs;
  }

  async ensure(): Promise<void> {
    if (!this.#isOn || Date.now() - this.#atMs < FRESH_MS) return;
    const limit = new AbortController();
    await Promise.race([
      this.refresh(),
      wait(LONGEST_WAIT_MS, undefined, { signal: limit.signal }).catch(() => undefined),
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
      this.#atMs = startedAtMs;
      this.trouble = null;
    } catch (error) {
      this.trouble = messageOf(error);
      // Not at every request: the next try comes when the answer would be old again.
      this.#atMs = startedAtMs;
    }
  }
}
