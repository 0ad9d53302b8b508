import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { Problem } from '../http/problem.ts';
import type { ThreadName } from '../http/route.ts';
import type { WorkerRequest, ThreadStart, WorkerMessage } from './protocol.ts';
import type { RecordJson } from '../../core/record/record-json.ts';

type RequestBody = WorkerRequest extends infer One
  ? One extends unknown
    ? Omit<One, 'id'>
    : never
  : never;

/** Workers of each kind; a request goes to the one with the fewest requests in progress. */
const COUNTS: Record<ThreadName, number> = { hooks: 2, reports: 2, rows: 1, ingest: 1 };
/** Requests that may wait for one worker. Further ones are refused, as they would not be answered soon. */
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

/** The workers that answer requests. Each is started for its first request, and again if it has ended. */
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

  /** Starts workers in advance. */
  warm(names: ThreadName[]): void {
    for (const name of names) while (this.#threads[name].length < COUNTS[name]) this.#add(name);
  }

  /**
   * @returns the text of the answer; null if there is none
   * @throws Problem
   */
  ask(name: ThreadName, request: RequestBody): Promise<string | null> {
    if (this.#isClosed) throw new Problem(503, 'stopping', 'the server is stopping');
    const { worker, waiting } = this.#leastBusy(name);
    if (waiting.size >= MAX_WAITING[name]) {
      throw new Problem(503, 'busy', 'too many such requests are already waiting');
    }
    const id = ++this.#serial;
    return new Promise((resolve, reject) => {
      waiting.set(id, { resolve, reject });
      // A body that fills its whole buffer is transferred instead of copied.
      const { body } = request as { body?: Uint8Array };
      const isTransferable =
        body !== undefined && body.byteLength > 0 && body.byteLength === body.buffer.byteLength;
      worker.postMessage({ id, ...request }, isTransferable ? [body.buffer as ArrayBuffer] : []);
    });
  }

  /** Lets each worker finish its requests, until the deadline at the latest. */
  async close(deadlineMs: number): Promise<void> {
    const all = Object.values(this.#threads).flat();
    const close = ({ worker, waiting }: Thread): Promise<void> => {
      const id = ++this.#serial;
      return new Promise<void>((resolve) => {
        waiting.set(id, { resolve: () => resolve(), reject: () => resolve() });
        // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker, not a window
        worker.postMessage({ id, kind: 'close' });
      });
    };
    // One after another: the last connection to close checkpoints the ledger's log; of two that close at the same
    // time, neither is the last.
    const inTurn = async (): Promise<void> => {
      for (const thread of all) await close(thread);
    };
    this.#isClosed = true;
    const deadline = new Promise<void>((resolve) => {
      setTimeout(resolve, Math.max(0, deadlineMs - Date.now())).unref();
    });
    await Promise.race([inTurn(), deadline]);
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
    worker.on('message', (message: WorkerMessage) => {
      if ('records' in message) {
        this.#onRecords(message.records);
        return;
      }
      const request = thread.waiting.get(message.id);
      thread.waiting.delete(message.id);
      if ('text' in message) request?.resolve(message.text);
      else {
        const { status, code, field } = message.problem;
        request?.reject(new Problem(status, code, message.problem.message, field));
      }
    });
    let reason = 'a worker ended';
    worker.on('error', (error) => (reason = `a worker ended: ${String(error)}`));
    worker.on('exit', () => {
      this.#threads[name] = this.#threads[name].filter((one) => one !== thread);
      const problem = new Problem(500, 'internal', reason);
      for (const { reject } of thread.waiting.values()) reject(problem);
    });
    return thread;
  }
}

/** The built worker: next to the built program, or in dist/ when this runs from the sources. */
function threadFile(): string {
  const name = 'server-worker.cjs';
  const paths = [join(import.meta.dirname, name), join(import.meta.dirname, '../../../dist', name)];
  return paths.find((path) => existsSync(path)) ?? name;
}
