import { Collector } from '../ingest/collect.ts';
import { logOnce } from '../sources/machine/diagnostics.ts';
import { agentPlace, hookLogPath } from '../sources/machine/paths.ts';
import type { SourceFile } from '../sources/transcripts/places.ts';
import { eventPaths } from '../sources/transcripts/tree.ts';
import type { Spool } from '../store/ingest/spool.ts';
import type { LedgerWrite, LedgerWriter } from '../store/ingest/writer.ts';
import type { BudgetGuard } from '../budgets/guard.ts';
import { eventWrite, lateWrite } from './event-write.ts';
import { type HookLimits, computeLimits } from './limits.ts';
import type { HookContext } from './context.ts';

/** Give up after this many tries: other hooks keep moving the cursors, and will read these lines. */
const MAX_TRIES = 5;

/** Time between two checks for lines that are about to be written to a transcript. */
const POLL_MS = 4;

/** The longest time that a message was seen to need to reach the transcript. */
const DECISION_WAIT_MS = 150;

/** Reads what an event points to and writes it to the ledger, or to the spool if that fails. */
export class Recorder {
  readonly #task: HookContext;
  readonly #writer: LedgerWriter | null;
  readonly #spool: Spool;
  readonly #guard: BudgetGuard;
  readonly #collector: Collector;
  readonly #limits: HookLimits;

  /** @param writer null if the ledger can't be used */
  constructor(task: HookContext, writer: LedgerWriter | null, spool: Spool, guard: BudgetGuard) {
    this.#task = task;
    this.#writer = writer;
    this.#spool = spool;
    this.#guard = guard;
    this.#collector = new Collector(writer, spool, 'hook');
    this.#limits = computeLimits(task.event, Date.now());
  }

  /**
   * If the ledger turns out to be unreadable half-way (a damaged page), the work goes to the spool.
   * @returns whether the ledger has it; yields waits, in milliseconds
   */
  *record(): Generator<number, boolean, void> {
    try {
      return yield* this.#record();
    } catch (error) {
      if (this.#writer === null) throw error;
      this.#task.log('read', error);
      this.#guard.markUntrusted(error);
      const collector = new Collector(null, this.#spool, 'hook');
      collector.collect(this.#files(), computeLimits(this.#task.event, Date.now()));
      this.#spool.put(eventWrite(this.#task, collector.batches), this.#task.input.arrivedAtMs);
      return false;
    }
  }

  *#record(): Generator<number, boolean, void> {
    const collector = this.#collector;
    const files = this.#files();
    collector.collect(files, this.#limits);
    yield* this.#awaitTail(files);
    this.#logUnreadable();
    const work = eventWrite(this.#task, collector.batches);
    const writer = this.#writer;
    if (writer === null) {
      this.#spool.put(work, this.#task.input.arrivedAtMs);
      return false;
    }
    const isRecorded = this.#write(writer, work, files);
    if (this.#guard.isClose(Date.now())) yield* this.#catchUp(writer);
    return isRecorded;
  }

  /** Once each: the next event would log the same. */
  #logUnreadable(): void {
    const { path, input } = this.#task;
    for (const error of this.#collector.unreadable.values()) {
      logOnce(hookLogPath(path), 'transcript', String(error), input.arrivedAtMs);
    }
  }

  #files(): SourceFile[] {
    const { agent, event, input } = this.#task;
    const place = agentPlace(input.env);
    return agent.sources.flatMap((source) =>
      eventPaths(source, event, place).map((path) => ({ agent, source, path })),
    );
  }

  /** At the end of a turn its last message reaches the transcript up to 100 ms after the event. */
  *#awaitTail(files: SourceFile[]): Generator<number, void, void> {
    const { transcriptPath, agentTranscriptPath, agentId } = this.#task.event;
    const path = agentId === null ? transcriptPath : agentTranscriptPath;
    const file = files.find((one) => one.path === path);
    if (this.#limits.tailWaitMs === 0 || file === undefined || !file.agent.writesLate) return;
    const until = Date.now() + this.#limits.tailWaitMs;
    // A transcript without lines has no open turn (a compaction names no real file).
    while (this.#collector.getCursor(file.path)?.state.isTurnOpen === true && Date.now() < until) {
      yield POLL_MS;
      this.#collector.collect([file], this.#limits);
    }
  }

  /**
   * Between a response's tools and the next request the response is final, but its lines may not have
   * reached the transcript yet. A decision close to the limit waits until the last tool call is in it.
   */
  *#catchUp(writer: LedgerWriter): Generator<number, void, void> {
    const { decision, pendingTools, transcriptPath, agentId } = this.#task.event;
    const last = pendingTools.at(-1)?.toolUseId ?? null;
    if (decision !== 'tool-batch' || last === null || transcriptPath === null) return;
    if (writer.hasToolCall(last)) return;
    const collector = this.#collector;
    collector.batches.length = 0;
    const until = Date.now() + DECISION_WAIT_MS;
    const hasArrived = (): boolean =>
      collector.batches.some(({ extraction }) =>
        extraction.toolUses.some(({ toolUseId }) => toolUseId === last),
      );
    while (!hasArrived() && Date.now() < until) {
      yield POLL_MS;
      // A subagent's file may not have existed before.
      const files = this.#files();
      const own = files.filter(({ path }) => path === transcriptPath);
      collector.collect(agentId === null ? own : files, this.#limits);
    }
    if (collector.batches.length === 0) return;
    this.#write(writer, lateWrite(collector.batches), this.#files());
    this.#guard.invalidate();
  }

  /** @returns true if it is in the ledger, false if it went to the spool */
  #write(writer: LedgerWriter, work: LedgerWrite, files: SourceFile[]): boolean {
    const collector = this.#collector;
    let next = work;
    try {
      for (let tries = 0; tries < MAX_TRIES; tries++) {
        const { lost } = writer.write(next);
        if (lost.length === 0) return true;
        for (const path of lost) collector.forget(path);
        collector.batches.length = 0;
        collector.collect(files, computeLimits(this.#task.event, Date.now()));
        next = { ...work, event: null, payloadRecord: null, batches: collector.batches };
      }
    } catch (error) {
      this.#task.log('write', error);
      this.#guard.markUntrusted(error);
      this.#spool.put(next, this.#task.input.arrivedAtMs);
    }
    return false;
  }
}
