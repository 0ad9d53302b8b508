import { splitInProportion } from './split.ts';

/** A piece waiting for the request that brings it into the context. */
export interface PendingPiece {
  /** Index of its cause in the thread's context. */
  cause: number;
  /** Known for what a response wrote, because it was billed as output. */
  tokens: number | null;
  chars: number;
}

/** English prose and code have three to four characters per token. Measured: docs/attribution.md. */
export const TOKENS_PER_CHAR = 0.3;
/**
 * More than this multiple of what a piece's size and the thread's own ratio suggest does not belong to it.
 */
const MAX_REPEATS = 8;
/** Allowance for every request: wrappers and reminders that the transcript leaves out. */
const SLACK_TOKENS = 256;

/**
 * Estimates the tokens of each piece that enters a context, given how many entered in total. What is far
 * more than the pieces can account for is reported separately: something entered that the transcript does
 * not show.
 */
export class NewInputTokens {
  /**
   * This thread's own ratio of tokens to characters so far, because texts in other scripts have other
   * ratios.
   */
  #tokens = TOKENS_PER_CHAR * 100;
  #chars = 100;

  /** The first request of a thread, whose prompt consists mostly of what the transcript never shows. */
  first(entered: number, pieces: readonly PendingPiece[]): { each: number[]; rest: number } {
    const each = pieces.map(estimatePieceTokens);
    const sum = each.reduce((total, tokens) => total + tokens, 0);
    return sum <= entered ? { each, rest: entered - sum } : split(entered, each);
  }

  /** Any later request: all tokens that entered belong to the pieces, up to what they can account for. */
  later(entered: number, pieces: readonly PendingPiece[]): { each: number[]; rest: number } {
    let knownTokens = 0;
    let chars = 0;
    for (const { tokens, chars: size } of pieces) {
      if (tokens === null) chars += size;
      else knownTokens += tokens;
    }
    const unknownTokens = entered - knownTokens;
    if (unknownTokens <= 0) return split(entered, pieces.map(estimatePieceTokens));
    const ratio = Math.max(TOKENS_PER_CHAR, this.#tokens / this.#chars);
    const most = Math.ceil(chars * ratio * MAX_REPEATS) + SLACK_TOKENS;
    const assigned = Math.min(unknownTokens, most);
    if (chars > 0) {
      this.#tokens += unknownTokens;
      this.#chars += chars;
      const weights = pieces.map((piece) => (piece.tokens === null ? piece.chars : 0));
      const shares = splitInProportion(assigned, weights) ?? [];
      const each = pieces.map(({ tokens }, index) => tokens ?? shares[index] ?? 0);
      return { each, rest: unknownTokens - assigned };
    }
    if (knownTokens === 0) return { each: pieces.map(() => 0), rest: entered };
    // Wrappers around a response count as part of it.
    const each = splitInProportion(
      knownTokens + assigned,
      pieces.map(({ tokens }) => tokens ?? 0),
    );
    return { each: each ?? [], rest: unknownTokens - assigned };
  }
}

/** The size of a piece by what is known of it alone. */
export function estimatePieceTokens({ tokens, chars }: PendingPiece): number {
  return tokens ?? Math.ceil(chars * TOKENS_PER_CHAR);
}

function split(entered: number, weights: readonly number[]): { each: number[]; rest: number } {
  const each = splitInProportion(entered, weights);
  return each === null ? { each: weights.map(() => 0), rest: entered } : { each, rest: 0 };
}
