import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { Problem } from '../http/problem.ts';
import type { ThreadName } from '../http/route.ts';
import type { WorkerRequest, ThreadStart, WorkerMessage } from './protocol.ts';
import type { RecordJson } from '../../core/record/record-json.ts';

type Ask = WorkerRequest extends infer One
  ? One extends unknown
    ? Omit<One, 'id'>
    : never
  : never;

/** How many of each; who asks gets the one that has the least to do. */
const COUNTS: Record<ThreadName, number> = { hooks: 2, reports: 2, rows: 1, ingest: 1 };
/** More questions than this that wait for a thread are turned away: none of them would be answered soon. */
const MAX_WAITING: Record<ThreadName, number> = {
  hooks: 10_000,
  reports: 1000,
  rows: 16,
  ingest: 1000,
};

interface Waiting {
  resolve: (text: string | null) => void;
  reject: (problem: Problem) => void;
}

interface Thread {
  worker: Worker;
  waiting: Map<number, Waiting>;
}

/** The threads that answer, each started when it is first asked, and again where it has ended. */
export class WorkerPool {
  readonly #start: ThreadStart;
  readonly #threads: Record<ThreadName, Thread[]> = {
    hooks: [],
    reports: [],
    rows: [],
    ingest: [],
  };
  readonly #onRecords: (records: RecordJson[]) => void;
  #serial = 0;
  #isClosed = false;

  constructor(start: ThreadStart, onRecords: (records: RecordJson[]) => void) {
    this.#start = start;
    this.#onRecords = onRecords;
  }

  /** Starts what will be asked at once. */
  warm(names: ThreadName[]): void {
    for (const name of names) while (this.#threads[name].length < COUNTS[name]) this.#add(name);
  }

  /**
   * @returns the answer's text; null for none
   * @throws Problem
   */
  ask(name: ThreadName, what: Ask): Promise<string | null> {
    if (this.#isClosed) throw new Problem(503, 'stopping', 'the server is stopping');
    const { worker, waiting } = this.#leastBusy(name);
    if (waiting.size >= MAX_WAITING[name]) {
      throw new Problem(503, 'busy', 'too many such questions wait for their answer already');
    }
    const id = ++this.#serial;
    return new Promise((resolve, reject) => {
      waiting.set(id, { resolve, reject });
      // A body is handed over, not copied, where it is a buffer's all.
      const { body } = what as { body?: Uint8Array };
      const isWhole =
        body !== undefined && body.byteLength > 0 && body.byteLength === body.buffer.byteLength;
      worker.postMessage({ id, ...what }, isWhole ? [body.buffer as ArrayBuffer] : []);
    });
  }

  /** Lets each thread finish what it has, at most until the deadline. */
  async close(deadlineMs: number): Promise<void> {
    const all = Object.values(this.#threads).flat();
    const close = ({ worker, waiting }: Thread): Promise<void> => {
      const id = ++this.#serial;
      return new Promise<void>((resolve) => {
        waiting.set(id, { resolve: () => resolve(), reject: () => resolve() });
        // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, no window
        worker.postMessage({ id, kind: 'close' });
      });
    };
    // One after another: of two that let go of the ledger at once, neither is the last, which folds its log back.
    const inTurn = async (): Promise<void> => {
      for (const thread of all) await close(thread);
    };
    this.#isClosed = true;
    const left = new Promise<void>((resolve) => {
      setTimeout(resolve, Math.max(0, deadlineMs - Date.now())).unref();
    });
    await Promise.race([inTurn(), left]);
    await Promise.all(all.map(({ worker }) => worker.terminate()));
  }

  #leastBusy(name: ThreadName): Thread {
    const threads = this.#threads[name];
    let best: Thread | undefined;
    for (const thread of threads) {
      if (thread.waiting.size === 0) return thread;
      if (best === undefined || thread.waiting.size < best.waiting.size) best = thread;
    }
    if (best === undefined || threads.length < COUNTS[name]) return this.#add(name);
    return best;
  }

  #add(name: ThreadName): Thread {
    const worker = new Worker(threadFile(), { workerData: this.#start });
    const thread: Thread = { worker, waiting: new Map() };
    this.#threads[name].push(thread);
    worker.on('message', (word: WorkerMessage) => {
      if ('records' in word) {
        this.#onRecords(word.records);
        return;
      }
      const asked = thread.waiting.get(word.id);
      thread.waiting.delete(word.id);
      if ('text' in word) asked?.resolve(word.text);
      else {
        const { status, code, message, field } = word.problem;
        asked?.reject(new Problem(status, code, message, field));
      }
    });
    let reason = 'a thread ended';
    worker.on('error', (error) => (reason = `a thread ended: ${String(error)}`));
    worker.on('exit', () => {
      this.#threads[name] = this.#threads[name].filter((one) => one !== thread);
      const problem = new Problem(500, 'internal', reason);
      for (const { reject } of thread.waiting.values()) reject(problem);
    });
    return thread;
  }
}

/** Beside the built program, or in its folder when this runs from the sources. */
function threadFile(): string {
  const name = 'server-worker.cjs';
  const places = [
    join(import.meta.dirname, name),
    join(import.meta.dirname, '../../../dist', name),
  ];
  return places.find((place) => existsSync(place)) ?? name;
}
