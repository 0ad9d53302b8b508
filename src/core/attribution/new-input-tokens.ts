import { splitInProportion } from './split.ts';

/** A piece that waits for the request that brings it into the context. */
export interface PendingPiece {
  /** Index of its cause in the thread's context. */
  cause: number;
  /** Known for what a response wrote: it was billed as output. */
  tokens: number | null;
  chars: number;
}

/** English prose and code: three to four characters a token. Measured: docs/attribution.md. */
export const TOKENS_PER_CHAR = 0.3;
/** More than so many times what its size and this thread's own ratio say is no piece's. */
const MAX_REPEATS = 8;
/** Of every request: wrappers and reminders that the transcript leaves out. */
const SLACK_TOKENS = 256;

/**
 * Tells how many tokens each piece has that enters a context, from how many entered together. What is far
 * more than the pieces can be is told apart: something entered that the transcript does not show.
 */
export class NewInputTokens {
  /** Of the thread so far: its own ratio of tokens to characters; a text in another script has another. */
  #tokens = TOKENS_PER_CHAR * 100;
  #chars = 100;

  /** The first request of a thread, whose prompt is mostly what the transcript never shows. */
  first(entered: number, pieces: readonly PendingPiece[]): { each: number[]; rest: number } {
    const each = pieces.map(estimatePieceTokens);
    const sum = each.reduce((total, tokens) => total + tokens, 0);
    return sum <= entered ? { each, rest: entered - sum } : split(entered, each);
  }

  /** Any other request: all that entered belongs to the pieces, within what they can be. */
  later(entered: number, pieces: readonly PendingPiece[]): { each: number[]; rest: number } {
    let known = 0;
    let chars = 0;
    for (const { tokens, chars: size } of pieces) {
      if (tokens === null) chars += size;
      else known += tokens;
    }
    const unknown = entered - known;
    if (unknown <= 0) return split(entered, pieces.map(estimatePieceTokens));
    const ratio = Math.max(TOKENS_PER_CHAR, this.#tokens / this.#chars);
    const most = Math.ceil(chars * ratio * MAX_REPEATS) + SLACK_TOKENS;
    const assigned = Math.min(unknown, most);
    if (chars > 0) {
      this.#tokens += unknown;
      this.#chars += chars;
      const weights = pieces.map((piece) => (piece.tokens === null ? piece.chars : 0));
      const shares = splitInProportion(assigned, weights) ?? [];
      const each = pieces.map(({ tokens }, index) => tokens ?? shares[index] ?? 0);
      return { each, rest: unknown - assigned };
    }
    if (known === 0) return { each: pieces.map(() => 0), rest: entered };
    // What wraps a response is its own.
    const each = splitInProportion(
      known + assigned,
      pieces.map(({ tokens }) => tokens ?? 0),
    );
    return { each: each ?? [], rest: unknown - assigned };
  }
}

/** What a piece has by what is known of it alone. */
export function estimatePieceTokens({ tokens, chars }: PendingPiece): number {
  return tokens ?? Math.ceil(chars * TOKENS_PER_CHAR);
}

function split(entered: number, weights: readonly number[]): { each: number[]; rest: number } {
  const each = splitInProportion(entered, weights);
  return each === null ? { each: weights.map(() => 0), rest: entered } : { each, rest: 0 };
}
