import { sharedIdentity } from '../record/identity.ts';
import { PIECE_KINDS, type Piece, type Step, type StepDraft } from './step.ts';

/** The state of one thread between lines, stored with the file's cursor. */
interface OpenThread {
  /** Index of the open step in the file; -1 before the first. */
  ordinal: number;
  recordId: string;
  lineCount: number;
  step: Step;
  /** What has entered the context since the open step. */
  pending: Piece[];
  isReset: boolean;
  startsMidThread: boolean;
}

/** The threads of one file: its own under the empty name, subagents written inline under `@` and their id. */
export interface TraceState {
  /** How often the file was replaced by another one: the steps of each generation form separate threads. */
  generation: number;
  hasBegun: boolean;
  /** Number of steps so far, of all threads. */
  steps: number;
  threads: Record<string, OpenThread>;
}

/** Old versions of Claude Code ran up to ten subagents at once; a finished one needs no state. */
const MAX_THREADS = 64;
/** No real prompt has as many: a file with endless input and no response is not stored line by line. */
const MAX_PIECES = 1000;

export function initialTrace(generation = 0): TraceState {
  return { generation, hasBegun: false, steps: 0, threads: {} };
}

/** The tracer modifies the state it is given, so the state of a stored cursor is copied. */
export function copyOfTrace(state: TraceState): TraceState {
  const threads: TraceState['threads'] = {};
  for (const [name, thread] of Object.entries(state.threads)) {
    const { step, pending } = thread;
    threads[name] = {
      ...thread,
      step: { ...step, in: [...step.in], out: [...step.out] },
      pending: [...pending],
    };
  }
  return { ...state, threads };
}

/** Follows the lines of one file and records what entered each context. Total: no line makes it throw. */
export class Tracer {
  readonly #state: TraceState;
  readonly #agentId: string;
  readonly #steps: StepDraft[];
  /** The draft of each thread's open step in this batch. */
  readonly #drafts = new Map<string, StepDraft>();

  /**
   * @param agentId the agent of the file's own thread; empty: the main thread
   * @param steps receives the steps of this batch, each once
   */
  constructor(state: TraceState, agentId: string, steps: StepDraft[]) {
    this.#state = state;
    this.#agentId = agentId;
    this.#steps = steps;
  }

  /** Call with the first line of the file that has a uuid. If it has a parent, the thread began elsewhere. */
  begin(uuid: string | null, parentUuid: string | null): void {
    if (this.#state.hasBegun || uuid === null) return;
    this.#state.hasBegun = true;
    if (parentUuid !== null) this.#getThread('').startsMidThread = true;
  }

  /** The context was emptied, including what is pending. */
  reset(name: string): void {
    const thread = this.#getThread(name);
    thread.pending = [];
    thread.isReset = true;
    // Whatever was there before the first line is gone as well.
    thread.startsMidThread = false;
  }

  enter(name: string, pieces: readonly Piece[]): void {
    if (pieces.length === 0) return;
    const { pending } = this.#getThread(name);
    for (const piece of pieces) add(pending, piece);
  }

  /** One line of a request. Lines of a request may be interleaved with the results of its first calls. */
  request(
    name: string,
    recordId: string,
    out: readonly Piece[],
    thinkingTokens: number | null,
  ): void {
    const thread = this.#getThread(name);
    const shared = thread.ordinal < 0 ? null : sharedIdentity(thread.recordId, recordId);
    if (shared === null) this.#open(thread, name, recordId);
    else thread.recordId = shared;
    thread.lineCount++;
    const { step } = thread;
    for (const piece of out) {
      // A server tool answers within the response; its result is input of the next pass.
      add(piece[0] === PIECE_KINDS.serverToolResult ? step.in : step.out, piece);
    }
    if (thinkingTokens !== null) {
      step.thinkingTokens = Math.max(step.thinkingTokens ?? 0, thinkingTokens);
    }
    this.#put(name, thread);
  }

  #open(thread: OpenThread, name: string, recordId: string): void {
    thread.ordinal = this.#state.steps++;
    thread.recordId = recordId;
    thread.lineCount = 0;
    thread.step = { in: thread.pending, out: [] };
    if (thread.isReset) thread.step.isReset = true;
    if (thread.startsMidThread) thread.step.startsMidThread = true;
    thread.pending = [];
    thread.isReset = false;
    thread.startsMidThread = false;
    this.#drafts.delete(name);
  }

  #put(name: string, { ordinal, recordId, lineCount, step }: OpenThread): void {
    const existing = this.#drafts.get(name);
    if (existing !== undefined) {
      existing.lineCount = lineCount;
      existing.recordId = recordId;
      return;
    }
    const isInline = name !== '';
    const agentId = isInline ? name.slice(1) : this.#agentId;
    const draft = { agentId, isInline, ordinal, recordId, lineCount, step };
    this.#drafts.set(name, draft);
    this.#steps.push(draft);
  }

  #getThread(name: string): OpenThread {
    const { threads } = this.#state;
    const existing = Object.hasOwn(threads, name) ? threads[name] : undefined;
    if (existing !== undefined) return existing;
    const names = Object.keys(threads);
    if (names.length >= MAX_THREADS) {
      const oldest = names.find((other) => other !== '');
      if (oldest !== undefined) delete threads[oldest];
    }
    const thread: OpenThread = {
      ordinal: -1,
      recordId: '',
      lineCount: 0,
      step: { in: [], out: [] },
      pending: [],
      isReset: false,
      startsMidThread: false,
    };
    threads[name] = thread;
    return thread;
  }
}

/**
 * Pieces with the same key are merged: a repeated line counts once, pieces without a key of their own add
 * up.
 */
function add(pieces: Piece[], [kind, key, chars]: Piece): void {
  const existing = pieces.find((piece) => piece[0] === kind && piece[1] === key);
  if (existing === undefined) {
    const isFull = pieces.length >= MAX_PIECES && kind !== PIECE_KINDS.unreadable;
    if (isFull) add(pieces, [PIECE_KINDS.unreadable, '', chars]);
    else pieces.push([kind, key, chars]);
  } else if (ADDITIVE.has(kind)) existing[2] += chars;
  else existing[2] = Math.max(existing[2], chars);
}

const ADDITIVE: ReadonlySet<string> = new Set([
  PIECE_KINDS.system,
  PIECE_KINDS.attachment,
  PIECE_KINDS.hookOutput,
  PIECE_KINDS.unreadable,
  PIECE_KINDS.toolContext,
  PIECE_KINDS.serverToolCall,
  PIECE_KINDS.serverToolResult,
]);
