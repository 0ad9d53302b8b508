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
  project: factParameters.project.describe("The project's folder"),
});

const MAX_LISTENERS = 100;
/** A listener that does not read is let go; with its last event's id it may come back. */
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

  /** Called with what the ledger's follower found. */
  tell(records: RecordJson[]): void {
    for (const listener of this.#listeners) listener(records);
  }

  end(): void {
    for (const end of this.#enders) end();
  }

  /**
   * @param lastSeq the last event that the listener had; what came after it is told first
   * @throws Problem
   */
  open(query: z.output<typeof streamQuery>, lastSeq: number | null): Response {
    if (this.#listeners.size >= MAX_LISTENERS) {
      throw new Problem(503, 'busy', `${MAX_LISTENERS} listen already`);
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
    /** Until what was missed is told, what is new waits behind it. */
    let waiting: RecordJson[] | null = [];
    let toldSeq = lastSeq ?? 0;
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
    const tell = (records: RecordJson[]): void => {
      for (const record of records.filter(passes)) send(formatEvent(record));
    };
    const listener = (records: RecordJson[]): void => {
      if (waiting === null) tell(records);
      else waiting.push(...records);
    };
    const heartbeat = setInterval(() => send(': still here\n\n'), HEARTBEAT_MS);
    this.#listeners.add(listener);
    this.#enders.add(close);
    send('retry: 2000\n\n');
    void this.#catchUp(lastSeq).then((missed) => {
      tell(missed);
      toldSeq = Math.max(toldSeq, ...missed.map(({ seq }) => seq));
      tell((waiting ?? []).filter(({ seq }) => lastSeq === null || seq > toldSeq));
      waiting = null;
      send(': listening\n\n');
    });
    return close;
  }

  /** Following comes first, so that nothing falls between. */
  async #catchUp(lastSeq: number | null): Promise<RecordJson[]> {
    await this.#follow(true);
    if (lastSeq === null) return [];
    const what = { kind: 'route', name: 'get records-after', query: { seq: lastSeq } } as const;
    const text = await this.#threads
      .ask('reports', { ...what, body: new Uint8Array(), receivedAtMs: Date.now() })
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
