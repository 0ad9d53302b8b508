import { PIECE_KINDS, type Piece, type Step, type StepDraft } from './step.ts';

/** What tracing a thread carries from one line to the next, stored with the file's cursor. */
interface OpenThread {
  /** Place of the open step in the file; -1 before the first. */
  ordinal: number;
  recordId: string;
  lineCount: number;
  step: Step;
  /** What has entered since the open step. */
  pending: Piece[];
  isReset: boolean;
  isHalfway: boolean;
}

/** The threads of one file: its own under the empty name, subagents written inline under `@` and their ids. */
export interface TraceState {
  /** Counts how often the file was replaced by another: steps of each are threads of their own. */
  generation: number;
  hasBegun: boolean;
  /** Steps so far, of all threads. */
  steps: number;
  threads: Record<string, OpenThread>;
}

/** Old clients ran ten subagents at once; a finished one needs no state. */
const MAX_THREADS = 64;
/** Nobody sends so many at once: a file that asks and asks without an answer is not kept line by line. */
const MAX_PIECES = 1000;

export function initialTrace(generation = 0): TraceState {
  return { generation, hasBegun: false, steps: 0, threads: {} };
}

/** The tracer changes what it is given; a stored cursor's own stays as it was. */
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

/** Follows the lines of one file and tells what entered each context. Total: no line makes it throw. */
export class Tracer {
  readonly #state: TraceState;
  readonly #agentId: string;
  readonly #steps: StepDraft[];
  /** The draft of each thread's open step in this stretch. */
  readonly #drafts = new Map<string, StepDraft>();

  /**
   * @param agentId whose the file's own thread is; empty: the main thread's
   * @param steps where the steps of this stretch are put, each once
   */
  constructor(state: TraceState, agentId: string, steps: StepDraft[]) {
    this.#state = state;
    this.#agentId = agentId;
    this.#steps = steps;
  }

  /** The first line of the file that names itself; one with a parent goes on from what is not here. */
  begin(uuid: string | null, parentUuid: string | null): void {
    if (this.#state.hasBegun || uuid === null) return;
    this.#state.hasBegun = true;
    if (parentUuid !== null) this.#getThread('').isHalfway = true;
  }

  /** The context was emptied: what is pending was part of it. */
  reset(name: string): void {
    const thread = this.#getThread(name);
    thread.pending = [];
    thread.isReset = true;
    // What nobody saw enter is gone.
    thread.isHalfway = false;
  }

  enter(name: string, pieces: readonly Piece[]): void {
    if (pieces.length === 0) return;
    const { pending } = this.#getThread(name);
    for (const piece of pieces) add(pending, piece);
  }

  /** One line of a request; a request's lines may be interleaved with results of its first calls. */
  request(
    name: string,
    recordId: string,
    out: readonly Piece[],
    thinkingTokens: number | null,
  ): void {
    const thread = this.#getThread(name);
    if (thread.ordinal < 0 || thread.recordId !== recordId) this.#open(thread, name, recordId);
    thread.lineCount++;
    const { step } = thread;
    for (const piece of out) {
      // A server's tool answers within the response, as input of its next pass.
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
    if (thread.isHalfway) thread.step.isHalfway = true;
    thread.pending = [];
    thread.isReset = false;
    thread.isHalfway = false;
    this.#drafts.delete(name);
  }

  #put(name: string, { ordinal, recordId, lineCount, step }: OpenThread): void {
    const known = this.#drafts.get(name);
    if (known !== undefined) {
      known.lineCount = lineCount;
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
    const known = Object.hasOwn(threads, name) ? threads[name] : undefined;
    if (known !== undefined) return known;
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
      isHalfway: false,
    };
    threads[name] = thread;
    return thread;
  }
}

/** Pieces of one key are one: a line that is repeated weighs once, what has no key of its own adds up. */
function add(pieces: Piece[], [kind, key, chars]: Piece): void {
  const known = pieces.find((piece) => piece[0] === kind && piece[1] === key);
  if (known === undefined) {
    const isFull = pieces.length >= MAX_PIECES && kind !== PIECE_KINDS.unreadable;
    if (isFull) add(pieces, [PIECE_KINDS.unreadable, '', chars]);
    else pieces.push([kind, key, chars]);
  } else if (ADDITIVE.has(kind)) known[2] += chars;
  else known[2] = Math.max(known[2], chars);
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
