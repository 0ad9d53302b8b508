import { type BilledRequest, partsOfCost } from './billed.ts';
import { type MissReason, missReason } from './cache-miss.ts';
import { Context } from './context.ts';
import { NewInputTokens, type PendingPiece, estimatePieceTokens } from './new-input-tokens.ts';
import { outputTokens } from './output-tokens.ts';
import {
  SYSTEM_CAUSE,
  type CauseKey,
  TOOL_LIST_CAUSE,
  type Part,
  UNATTRIBUTED,
  isBase,
} from './share.ts';
import { splitInProportion } from './split.ts';
import { PIECE_KINDS, type Piece, type Step } from './step.ts';

/** One cause's share of one part of a request's cost; the cause is an index into the thread's context. */
export interface IndexedShare {
  cause: number;
  part: Part;
  costNanoUsd: number;
}

/** One request of a thread, attributed. */
export interface StepOutcome {
  /** They sum exactly to the cost; empty if no price is known. */
  shares: IndexedShare[];
  promptTokens: number;
  /**
   * Prompt tokens that were in the context before. Some of them were read from the cache, some were billed
   * as new input again.
   */
  carriedTokens: number;
  rewrittenTokens: number;
  /** Prompt tokens that entered since the previous request. */
  enteredTokens: number;
  miss: { reason: MissReason; costNanoUsd: number } | null;
}

/** A smaller loss is the client's rounding: no vendor caches shorter prompts. */
const MIN_MISS_TOKENS = 1024;

/**
 * Goes through the requests of one thread in order, and attributes the cost of each to the contents of its
 * context. Pure: the same steps and records give the same shares.
 */
export class ThreadReplay {
  readonly context = new Context();
  readonly #entering = new NewInputTokens();
  readonly #seen = new Set<string>();
  #waiting: PendingPiece[] = [];
  #before: BilledRequest | null = null;
  #hasHour = false;
  #base: CauseKey = SYSTEM_CAUSE;

  /** @param request null for a replay of another thread's request: its lines are context without cost */
  next(step: Step, request: BilledRequest | null): StepOutcome | null {
    if (step.startsMidThread === true) this.#base = UNATTRIBUTED;
    if (step.isReset === true) {
      this.context.reset();
      this.#waiting = [];
      // The earlier contents do not matter: everything in the context now has been seen to enter.
      this.#base = SYSTEM_CAUSE;
    }
    for (const piece of step.in) this.#wait(piece);
    if (request === null) {
      for (const piece of step.out) this.#wait(piece);
      return null;
    }
    const outcome = this.#attribute(step, request);
    this.#before = request;
    const { cacheWrite5mTokens, cacheWrite1hTokens } = request;
    if (cacheWrite5mTokens + cacheWrite1hTokens > 0) {
      this.#hasHour = cacheWrite1hTokens >= cacheWrite5mTokens;
    }
    return outcome;
  }

  #wait(piece: Piece, tokens: number | null = null): void {
    const [kind, key, chars] = piece;
    // A transcript that repeats its lines adds nothing to the context.
    if (kind === PIECE_KINDS.toolResult || kind === PIECE_KINDS.prompt) {
      if (this.#seen.has(kind + key)) return;
      this.#seen.add(kind + key);
    }
    this.#waiting.push({ cause: this.context.findCause(toCauseKey(kind, key)), tokens, chars });
  }

  #attribute(step: Step, request: BilledRequest): StepOutcome {
    const { context } = this;
    const shares: IndexedShare[] = [];
    const written = outputTokens(step, request.outputTokens);
    const paid = request.inputTokens + request.cacheWrite5mTokens + request.cacheWrite1hTokens;
    const read = request.cacheReadTokens;
    const promptTokens = paid + read;
    const carriedTokens = this.#carry(promptTokens, read);
    const baseTokens = this.#baseTokens();
    const rewrittenTokens = Math.min(Math.max(0, carriedTokens - read), paid);
    const carried = context.tokens;
    const enteredTokens = promptTokens - carriedTokens;
    const entered = this.#enter(enteredTokens, carriedTokens === 0, step.out);
    const [readCarried, lostCarried] = this.#front(carried, Math.min(read, carriedTokens));
    const [readEntered, newEntered] = this.#front(entered, Math.max(0, read - carriedTokens));
    const isPriced = request.costNanoUsd !== null;
    const parts = partsOfCost(request);
    const rewrittenCost = computeRewrittenCost(parts, request, rewrittenTokens);
    const newCost = parts.inputCostNanoUsd + parts.cacheWriteCostNanoUsd - rewrittenCost;
    if (isPriced) {
      const give = (part: Part, cost: number, weights: readonly number[]): void =>
        this.#give(shares, part, cost, weights);
      this.#giveOutput(shares, step, written, parts.outputCostNanoUsd);
      give('carried-input', parts.cacheReadCostNanoUsd, added(readCarried, readEntered));
      give('rewritten-input', rewrittenCost, lostCarried);
      give('new-input', newCost, newEntered);
      this.#giveSearches(shares, step, parts.webSearchCostNanoUsd);
    }
    context.tokens = added(carried, entered);
    const before = this.#before;
    const isMiss = before !== null && rewrittenTokens >= MIN_MISS_TOKENS;
    const hasHour = this.#hasHour;
    const miss = isMiss
      ? {
          reason: missReason(request, { ...before, hasHour }, step.isReset === true, baseTokens),
          costNanoUsd: isPriced ? rewrittenCost : 0,
        }
      : null;
    this.#keepWritten(step, written.each);
    return { shares, promptTokens, carriedTokens, rewrittenTokens, enteredTokens, miss };
  }

  /**
   * Computes how much of the context is in this prompt too. A context that shrank without notice is scaled
   * down.
   */
  #carry(promptTokens: number, read: number): number {
    const { context } = this;
    const sum = context.sum();
    if (sum <= promptTokens) return sum;
    const waiting = this.#waiting.reduce((all, piece) => all + estimatePieceTokens(piece), 0);
    const size = Math.max(Math.min(read, promptTokens), promptTokens - waiting, 0);
    context.shrinkTo(Math.min(size, sum));
    return context.sum();
  }

  /** @returns the tokens that entered, by cause */
  #enter(tokens: number, isFirst: boolean, out: readonly Piece[]): number[] {
    const pieces = this.#waiting;
    // Of an agent that logs only token counts nothing says whose the prompt was.
    const isTraced = pieces.length > 0 || out.length > 0;
    this.#waiting = [];
    const base = this.context.findCause(isFirst && isTraced ? this.#base : UNATTRIBUTED);
    const { each, rest } = isFirst
      ? this.#entering.first(tokens, pieces)
      : this.#entering.later(tokens, pieces);
    const entered = this.context.causes.map(() => 0);
    pieces.forEach(({ cause }, index) => {
      entered[cause] = (entered[cause] ?? 0) + (each[index] ?? 0);
    });
    entered[base] = (entered[base] ?? 0) + rest;
    return entered;
  }

  /**
   * A cache holds the front of a prompt: what is read from it is the system's share first, then everything
   * else in proportion.
   * @returns what is read and what is not, by cause
   */
  #front(
    tokens: readonly number[],
    read: number,
  ): [read: readonly number[], rest: readonly number[]] {
    // Usually all of it is read, or nothing.
    if (read === 0) return [NOTHING, tokens];
    const { causes } = this.context;
    const isSystem = (index: number): boolean => causes[index]?.cause === 'system';
    let total = 0;
    let system = 0;
    tokens.forEach((count, index) => {
      total += count;
      if (isSystem(index)) system += count;
    });
    if (read >= total) return [tokens, NOTHING];
    const ofSystem = Math.min(read, system);
    const split = (amount: number, isIn: (index: number) => boolean): readonly number[] =>
      splitInProportion(
        amount,
        tokens.map((count, index) => (isIn(index) ? count : 0)),
      ) ?? NOTHING;
    const front = added(
      split(ofSystem, isSystem),
      split(read - ofSystem, (index) => !isSystem(index)),
    );
    return [front, tokens.map((count, index) => count - (front[index] ?? 0))];
  }

  #baseTokens(): number {
    const { causes, tokens } = this.context;
    const baseAt = causes.findIndex(isBase);
    return baseAt < 0 ? 0 : (tokens[baseAt] ?? 0);
  }

  /** If there are no weights to divide a cost by, it is unattributed. */
  #give(shares: IndexedShare[], part: Part, cost: number, weights: readonly number[]): void {
    if (cost === 0) return;
    const causes: number[] = [];
    const present: number[] = [];
    weights.forEach((weight, cause) => {
      if (weight === 0) return;
      causes.push(cause);
      present.push(weight);
    });
    const split = splitInProportion(cost, present);
    if (split === null) {
      shares.push({ cause: this.context.findCause(UNATTRIBUTED), part, costNanoUsd: cost });
      return;
    }
    split.forEach((costNanoUsd, index) => {
      if (costNanoUsd > 0) shares.push({ cause: causes[index] ?? 0, part, costNanoUsd });
    });
  }

  #giveOutput(
    shares: IndexedShare[],
    { out }: Step,
    { each, thinking, rest }: ReturnType<typeof outputTokens>,
    cost: number,
  ): void {
    const { context } = this;
    const ofPieces = out.map(([kind, key]) => context.findCause(toCauseKey(kind, key)));
    const ofThinking = context.findCause({ cause: 'thinking', detail: '' });
    const ofNobody = context.findCause(UNATTRIBUTED);
    const weights = context.causes.map(() => 0);
    ofPieces.forEach((cause, index) => {
      weights[cause] = (weights[cause] ?? 0) + (each[index] ?? 0);
    });
    weights[ofThinking] = (weights[ofThinking] ?? 0) + thinking;
    weights[ofNobody] = (weights[ofNobody] ?? 0) + rest;
    this.#give(shares, 'output', cost, weights);
  }

  /** Web searches belong to a server tool. */
  #giveSearches(shares: IndexedShare[], { out }: Step, cost: number): void {
    if (cost === 0) return;
    const call = out.find(([kind]) => kind === PIECE_KINDS.serverToolCall);
    const key = call === undefined ? 'web_search' : call[1];
    const cause = this.context.findCause(toCauseKey(PIECE_KINDS.serverToolCall, key));
    shares.push({ cause, part: 'web-search', costNanoUsd: cost });
  }

  /** What was written enters the context with the next request; its token count is known from billing. */
  #keepWritten({ out }: Step, each: readonly number[]): void {
    out.forEach((piece, index) => this.#wait(piece, each[index] ?? 0));
  }
}

/** The part of a request's billed input that had been billed before: what is written again comes first. */
function computeRewrittenCost(
  parts: { inputCostNanoUsd: number; cacheWriteCostNanoUsd: number },
  { inputTokens, cacheWrite5mTokens, cacheWrite1hTokens }: BilledRequest,
  rewrittenTokens: number,
): number {
  const written = cacheWrite5mTokens + cacheWrite1hTokens;
  const ofWritten = Math.min(rewrittenTokens, written);
  const ofInput = Math.min(rewrittenTokens - ofWritten, inputTokens);
  const share = (cost: number, tokens: number, all: number): number =>
    splitInProportion(cost, [tokens, all - tokens])?.[0] ?? 0;
  return (
    share(parts.cacheWriteCostNanoUsd, ofWritten, written) +
    share(parts.inputCostNanoUsd, ofInput, inputTokens)
  );
}

const NOTHING: readonly number[] = [];

function added(a: readonly number[], b: readonly number[]): number[] {
  const [longer, shorter] = a.length >= b.length ? [a, b] : [b, a];
  return longer.map((count, index) => count + (shorter[index] ?? 0));
}

function toCauseKey(kind: string, key: string): CauseKey {
  switch (kind) {
    case PIECE_KINDS.toolResult:
    case PIECE_KINDS.toolContext:
    case PIECE_KINDS.toolCall:
      return { cause: 'tool-use', detail: key };
    case PIECE_KINDS.serverToolCall:
    case PIECE_KINDS.serverToolResult:
      return { cause: 'tool-use', detail: `server:${key}` };
    case PIECE_KINDS.attachment:
      return { cause: 'attachment', detail: key };
    case PIECE_KINDS.prompt:
      return { cause: 'prompt', detail: '' };
    case PIECE_KINDS.text:
      return { cause: 'text', detail: '' };
    case PIECE_KINDS.thinking:
      return { cause: 'thinking', detail: '' };
    case PIECE_KINDS.system:
      return TOOL_LIST_CAUSE;
    case PIECE_KINDS.hookOutput:
      return { cause: 'hook-output', detail: '' };
    case PIECE_KINDS.summary:
      return { cause: 'summary', detail: '' };
    default:
      return UNATTRIBUTED;
  }
}
