import { dirname } from 'node:path';
import { type Agent, agentNamed } from '../agents/agent.ts';
import { channelsOn } from '../core/alert.ts';
import { messageOf } from '../core/message-of.ts';
import type { HookEvent } from '../core/hook-event.ts';
import type { PriceTable } from '../core/price-table.ts';
import { type CollectLimits, Collector } from '../ingest/collect.ts';
import { drainSpool } from '../ingest/drain.ts';
import { effectivePrices } from '../ingest/effective-prices.ts';
import { logOnce, logProblem } from '../sources/diagnostics.ts';
import { type Environment, hookLogPath, ledgerPath, spoolFolder } from '../sources/paths.ts';
import { resolveProject } from '../sources/project.ts';
import { isDisabled } from '../sources/recording-switch.ts';
import { type Settings, readSettings } from '../sources/settings-file.ts';
import { sessionTranscripts } from '../sources/transcript-tree.ts';
import type { HookAnswer } from '../core/hook-answer.ts';
import type { EventDraft } from '../store/batch.ts';
import { type Ledger, openLedger } from '../store/open.ts';
import { isSenderWanted } from '../store/sender-wanted.ts';
import { Spool } from '../store/spool.ts';
import { type LedgerWrite, LedgerWriter } from '../store/writer.ts';
import { BudgetGuard } from './budget-guard.ts';
import { startDetached } from './detached.ts';
import { limitsOf } from './limits.ts';
import { payloadRecord } from './payload-record.ts';
import { promptWarning } from './prompt-warning.ts';
import { startSessionExport } from './session-export.ts';

export interface HookInput {
  env: Environment;
  args: string[];
  /** The event as received on stdin. */
  text: string;
  /** When the process started, milliseconds UTC. */
  arrivedAtMs: number;
  /**
   * True in a process that goes on. The hook's own process ends without closing the ledger:
   * closing would fold the log back and wait for the disk at every tool call.
   */
  isLongLived: boolean;
  /** Keeps the ledger open between events, for a process that is given many; else it is opened for this one. */
  keeper?: LedgerKeeper;
}

/** Where a process that goes on has the ledger from. */
export interface LedgerKeeper {
  /** @throws as `openLedger` does */
  take(path: string, busyTimeoutMs: number): Ledger;
  release(db: Ledger): void;
  writer(db: Ledger, prices: PriceTable): LedgerWriter;
}

/** A write whose cursors another hook moves time and again is theirs after this many tries. */
const MAX_TRIES = 5;

/** Between two looks for what is on its way into a transcript. */
const POLL_MS = 4;

const NO_ANSWER: HookAnswer = { stop: null, ask: null, notices: [] };

/** As long as a message was ever seen to take into the transcript. */
const DECISION_WAIT_MS = 150;

/**
 * Records one event. Never throws; what goes wrong is a line in hook.log.
 * @returns what the agent is to be answered; null, as a rule: nothing
 */
export function runHook(input: HookInput): string | null {
  const steps = hookSteps(input);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
    sleep(step.value);
  }
}

/** The same, for who has other things to do while it waits: it yields each wait, in milliseconds. */
export function* hookSteps(input: HookInput): Generator<number, string | null, void> {
  if (isDisabled(input.env)) return null;
  const settings = readSettings(input.env);
  const path = ledgerPath(input.env, settings.telemetry.path);
  const log = (what: string, error: unknown): void =>
    logProblem(hookLogPath(path), what, error, input.arrivedAtMs);
  try {
    const at = input.args.indexOf('--agent');
    const name = at < 0 ? 'claude-code' : (input.args[at + 1] ?? '');
    const agent = agentNamed(name);
    if (agent === null) {
      log('arguments', `no agent is called ${JSON.stringify(name)}`);
      return null;
    }
    const parsed = agent.parseEvent(input.text);
    if (parsed.kind === 'malformed') log('event', parsed.reason);
    if (parsed.kind !== 'event') return null;
    const run = new HookRun(agent, parsed.event, input, settings, path, log);
    try {
      yield* run.record();
      const answer = run.answer();
      run.send();
      return answer;
    } finally {
      if (input.isLongLived) run.close();
    }
  } catch (error) {
    log('hook', error);
    return null;
  }
}

class HookRun {
  readonly #agent: Agent;
  readonly #event: HookEvent;
  readonly #input: HookInput;
  readonly #settings: Settings;
  readonly #path: string;
  readonly #log: (what: string, error: unknown) => void;
  readonly #spool: Spool;
  #db: Ledger | null = null;
  #writer: LedgerWriter | null = null;
  /** Why the ledger can't be used. */
  #trouble: string | null = null;
  #guard: BudgetGuard | null = null;

  constructor(
    agent: Agent,
    event: HookEvent,
    input: HookInput,
    settings: Settings,
    path: string,
    log: (what: string, error: unknown) => void,
  ) {
    this.#agent = agent;
    this.#event = event;
    this.#input = input;
    this.#settings = settings;
    this.#path = path;
    this.#log = log;
    this.#spool = new Spool(spoolFolder(path));
  }

  *record(): Generator<number, void, void> {
    const writer = this.#openWriter();
    this.#writer = writer;
    const guard = this.#openGuard();
    this.#guard = guard;
    const collector = new Collector(this.#agent, writer, this.#spool, 'hook');
    const limits = limitsOf(this.#event, Date.now());
    const paths = this.#transcripts();
    collector.collect(paths, limits);
    yield* this.#awaitTail(collector, limits);
    const work = this.#work(collector);
    let isRecorded = false;
    if (writer === null) {
      this.#spool.put(work, this.#input.arrivedAtMs);
    } else {
      isRecorded = this.#write(writer, collector, work, paths);
      if (guard.isClose(Date.now())) yield* this.#catchUp(writer, collector, limits);
    }
    if (this.#event.moment === 'session-end') this.#export(isRecorded);
  }

  #export(isRecorded: boolean): void {
    const { sessionId } = this.#event;
    if (sessionId === null) return;
    const { env } = this.#input;
    const log = hookLogPath(this.#path);
    const setting = this.#settings.export.onSessionEnd;
    try {
      startSessionExport(sessionId, { env, ledger: this.#path, log, setting, isRecorded });
    } catch (error) {
      this.#log('export', error);
    }
  }

  answer(): string | null {
    const warning = this.#promptWarning();
    const { stop, ask, notices } =
      this.#guard?.isAwake === true ? this.#guard.answer(Date.now()) : NO_ANSWER;
    const answer = { stop, ask, notices: warning === null ? notices : [warning, ...notices] };
    return this.#agent.answerText(this.#event, answer);
  }

  /** Alerts go out by a process of their own; here is only asked whether it would find any. */
  send(): void {
    const { alerts } = this.#settings;
    if (this.#db === null || channelsOn(alerts).length === 0) return;
    try {
      if (!isSenderWanted(this.#db, Date.now())) return;
      const env = { ...this.#input.env, TELEMETRY_DB_PATH: this.#path };
      startDetached(['alerts', 'send', '--detached'], dirname(this.#path), env);
    } catch (error) {
      this.#log('alerts', error);
    }
  }

  #promptWarning(): string | null {
    const { question, prompt } = this.#event;
    if (question !== 'prompt' || prompt === null) return null;
    return promptWarning(prompt, this.#settings.estimate.warnTokens, () => this.#lastModel());
  }

  #lastModel(): string | null {
    return this.#writer?.lastModelOf(this.#event.sessionId) ?? null;
  }

  close(): void {
    if (this.#db === null) return;
    const { keeper } = this.#input;
    if (keeper === undefined) this.#db.close();
    else keeper.release(this.#db);
  }

  #openWriter(): LedgerWriter | null {
    try {
      const { busyTimeoutMs } = limitsOf(this.#event, 0);
      const { keeper } = this.#input;
      this.#db =
        keeper?.take(this.#path, busyTimeoutMs) ?? openLedger(this.#path, { busyTimeoutMs });
      const prices = this.#prices();
      const writer =
        keeper?.writer(this.#db, prices) ?? new LedgerWriter(this.#db, prices, resolveProject);
      drainSpool(this.#spool, writer, Date.now() + 200);
      return writer;
    } catch (error) {
      this.#log('ledger', error);
      this.#trouble = messageOf(error);
      return null;
    }
  }

  #openGuard(): BudgetGuard {
    const place = {
      event: this.#event,
      client: this.#agent.name,
      ledgerPath: this.#path,
      env: this.#input.env,
      settings: this.#settings,
      prices: () => effectivePrices(this.#input.env, this.#settings).prices,
    };
    const warn = (text: string): void =>
      logOnce(hookLogPath(this.#path), 'budgets', text, this.#input.arrivedAtMs);
    return new BudgetGuard(place, this.#db, this.#trouble, this.#log, warn);
  }

  /** A malformed override is told of once, not at every tool call. */
  #prices(): PriceTable {
    const { prices, warnings } = effectivePrices(this.#input.env, this.#settings);
    for (const warning of [...this.#settings.warnings, ...warnings]) {
      logOnce(hookLogPath(this.#path), 'prices', warning, this.#input.arrivedAtMs);
    }
    return prices;
  }

  #transcripts(): string[] {
    const { transcriptPath, agentTranscriptPath } = this.#event;
    const paths = transcriptPath === null ? [] : sessionTranscripts(this.#agent, transcriptPath);
    if (agentTranscriptPath !== null) paths.push(agentTranscriptPath);
    return [...new Set(paths)];
  }

  /** At the end of a turn its last message reaches the transcript up to 100 ms after the event. */
  *#awaitTail(
    collector: Collector,
    limits: ReturnType<typeof limitsOf>,
  ): Generator<number, void, void> {
    const { transcriptPath, agentTranscriptPath, agentId } = this.#event;
    const path = agentId === null ? transcriptPath : agentTranscriptPath;
    if (limits.tailWaitMs === 0 || path === null) return;
    const until = Date.now() + limits.tailWaitMs;
    // A transcript without a line has no turn that could end (a compaction names no real file).
    while (collector.cursorOf(path)?.state.isTurnOpen === true && Date.now() < until) {
      yield POLL_MS;
      collector.collect([path], limits);
    }
  }

  /**
   * Between a response's tools and the next request the response is final, but its lines may still
   * be on their way to the transcript: a close decision waits for the last tool call to be there.
   */
  *#catchUp(
    writer: LedgerWriter,
    collector: Collector,
    limits: CollectLimits,
  ): Generator<number, void, void> {
    const { question, askedTools, transcriptPath, agentId } = this.#event;
    const last = askedTools.at(-1)?.toolUseId ?? null;
    if (question !== 'tool-batch' || last === null || transcriptPath === null) return;
    if (writer.hasToolCall(last)) return;
    collector.batches.length = 0;
    const until = Date.now() + DECISION_WAIT_MS;
    const isThere = (): boolean =>
      collector.batches.some(({ extraction }) =>
        extraction.toolUses.some(({ toolUseId }) => toolUseId === last),
      );
    while (!isThere() && Date.now() < until) {
      yield POLL_MS;
      // A subagent's file may not have been there yet.
      collector.collect(agentId === null ? [transcriptPath] : this.#transcripts(), limits);
    }
    if (collector.batches.length === 0) return;
    const late = { batches: collector.batches, event: null, payloadRecord: null };
    const work = { ...late, toolResult: null, isSpooled: false };
    this.#write(writer, collector, work, this.#transcripts());
    this.#guard?.forget();
  }

  #work(collector: Collector): LedgerWrite {
    const { usage, toolResult, toolUseId } = this.#event;
    const facts = {
      client: this.#agent.name,
      text: this.#input.text,
      arrivedAtMs: this.#input.arrivedAtMs,
    };
    return {
      batches: collector.batches,
      event: this.#eventDraft(),
      payloadRecord: usage === null ? null : payloadRecord(this.#event, usage, facts),
      toolResult: toolResult === null || toolUseId === null ? null : { toolUseId, ...toolResult },
      isSpooled: false,
    };
  }

  #eventDraft(): EventDraft {
    const { name, sessionId, agentId, toolName, toolUseId } = this.#event;
    const arrivedAtMs = this.#input.arrivedAtMs;
    const durationMs = Date.now() - arrivedAtMs;
    const client = this.#agent.name;
    const key = `${arrivedAtMs}-${process.pid}-${Math.random().toString(36).slice(2)}`;
    return { key, name, client, sessionId, agentId, toolName, toolUseId, arrivedAtMs, durationMs };
  }

  /** @returns whether the ledger has it; the spool, otherwise */
  #write(writer: LedgerWriter, collector: Collector, work: LedgerWrite, paths: string[]): boolean {
    let next = work;
    try {
      for (let tries = 0; tries < MAX_TRIES; tries++) {
        const { lost } = writer.write(next);
        if (lost.length === 0) return true;
        for (const path of lost) collector.forget(path);
        collector.batches.length = 0;
        collector.collect(paths, limitsOf(this.#event, Date.now()));
        next = { ...work, event: null, payloadRecord: null, batches: collector.batches };
      }
    } catch (error) {
      this.#log('write', error);
      this.#guard?.distrust(error);
      this.#spool.put(next, this.#input.arrivedAtMs);
    }
    return false;
  }
}

function sleep(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}
