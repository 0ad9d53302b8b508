import { jsonText } from '../core/lang/printable.ts';
import * as z from 'zod';
import { matchesFacts } from '../query/filters.ts';
import type { RecordJson } from '../core/record/record-json.ts';
import { withoutPayload } from './routes/records.ts';
import { factParameters, pickFacts, filterParameters } from './http/parameters.ts';
import { Problem } from './http/problem.ts';
import type { WorkerPool } from './workers/pool.ts';

export const streamQuery = z.strictObject({
  sessionId: filterParameters.sessionId,
  ...factParameters,
  project: factParameters.project.describe("The project's root folder"),
});

const MAX_LISTENERS = 100;
/** A listener with more unread bytes is disconnected; it can resume with the id of its last event. */
const MAX_UNREAD_BYTES = 1024 * 1024;
const HEARTBEAT_MS = 15_000;

type Passes = (record: RecordJson) => boolean;

/** The event stream: one server-sent event for each new record. */
export class RecordStream {
  readonly #threads: WorkerPool;
  readonly #listeners = new Set<(records: RecordJson[]) => void>();
  readonly #enders = new Set<() => void>();

  constructor(threads: WorkerPool) {
    this.#threads = threads;
  }

  get listeners(): number {
    return this.#listeners.size;
  }

  /** Sends new records from the ledger's follower to all listeners. */
  publish(records: RecordJson[]): void {
    for (const listener of this.#listeners) listener(records);
  }

  end(): void {
    for (const end of this.#enders) end();
  }

  /**
   * @param lastSeq the id of the last event that the listener received; later records are sent first
   * @throws Problem
   */
  open(query: z.output<typeof streamQuery>, lastSeq: number | null): Response {
    if (this.#listeners.size >= MAX_LISTENERS) {
      throw new Problem(503, 'busy', `${MAX_LISTENERS} clients already listen to the stream`);
    }
    const passes = compileFilter(query);
    let close = (): void => undefined;
    const body = new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          close = this.#listen(controller, passes, lastSeq);
        },
        cancel: () => close(),
      },
      new ByteLengthQueuingStrategy({ highWaterMark: MAX_UNREAD_BYTES }),
    );
    const headers = {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    };
    return new Response(body, { headers });
  }

  #listen(
    controller: ReadableStreamDefaultController<Uint8Array>,
    passes: Passes,
    lastSeq: number | null,
  ): () => void {
    const encoder = new TextEncoder();
    let isOpen = true;
    /** New records wait here until the missed ones have been sent; null afterwards. */
    let waiting: RecordJson[] | null = [];
    let sentSeq = lastSeq ?? 0;
    const close = (): void => {
      if (!isOpen) return;
      isOpen = false;
      clearInterval(heartbeat);
      this.#listeners.delete(listener);
      this.#enders.delete(close);
      if (this.#listeners.size === 0) void this.#follow(false);
      try {
        controller.close();
      } catch {
        // The listener has gone.
      }
    };
    const send = (text: string): void => {
      if (!isOpen) return;
      if ((controller.desiredSize ?? 0) <= 0) close();
      else controller.enqueue(encoder.encode(text));
    };
    const sendRecords = (records: RecordJson[]): void => {
      for (const record of records.filter(passes)) send(formatEvent(record));
    };
    const listener = (records: RecordJson[]): void => {
      if (waiting === null) sendRecords(records);
      else waiting.push(...records);
    };
    const heartbeat = setInterval(() => send(': still here\n\n'), HEARTBEAT_MS);
    this.#listeners.add(listener);
    this.#enders.add(close);
    send('retry: 2000\n\n');
    void this.#catchUp(lastSeq).then((missed) => {
      sendRecords(missed);
      sentSeq = Math.max(sentSeq, ...missed.map(({ seq }) => seq));
      sendRecords((waiting ?? []).filter(({ seq }) => lastSeq === null || seq > sentSeq));
      waiting = null;
      send(': listening\n\n');
    });
    return close;
  }

  /** Starts following before it reads the missed records, so that none is lost in between. */
  async #catchUp(lastSeq: number | null): Promise<RecordJson[]> {
    await this.#follow(true);
    if (lastSeq === null) return [];
    const request = { kind: 'route', name: 'get records-after', query: { seq: lastSeq } } as const;
    const text = await this.#threads
      .ask('reports', { ...request, body: new Uint8Array(), receivedAtMs: Date.now() })
      .catch(() => null);
    return text === null ? [] : (JSON.parse(text) as RecordJson[]);
  }

  async #follow(isOn: boolean): Promise<void> {
    try {
      await this.#threads.ask('ingest', { kind: 'follow', isOn });
    } catch {
      // The server is stopping.
    }
  }
}

function formatEvent(record: RecordJson): string {
  return `id: ${record.seq}\nevent: record\ndata: ${jsonText(withoutPayload(record))}\n\n`;
}

function compileFilter(query: z.output<typeof streamQuery>): Passes {
  const facts = pickFacts(query);
  return (record) =>
    (query.sessionId === undefined || record.sessionId === query.sessionId) &&
    matchesFacts(facts, record);
}
