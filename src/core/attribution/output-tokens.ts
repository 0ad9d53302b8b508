import { TOKENS_PER_CHAR } from './new-input-tokens.ts';
import { splitInProportion } from './split.ts';
import { PIECE_KINDS, type Step } from './step.ts';

/** The tokens of a response by piece. */
export interface OutputTokens {
  /** In the order of `step.out`. */
  each: number[];
  /** Thinking that no piece of the transcript shows. */
  thinking: number;
  /** Output that no piece accounts for. */
  rest: number;
}

/**
 * Uses the vendor's own count of thinking tokens if there is one, and divides the rest in proportion to
 * characters. Without such a count, thinking whose text is left out gets what the rest is too short for.
 */
export function outputTokens({ out, thinkingTokens }: Step, outputCount: number): OutputTokens {
  const each = out.map(() => 0);
  const isThinking = out.map(([kind]) => kind === PIECE_KINDS.thinking);
  const thoughts = out.flatMap((_, index) => (isThinking[index] === true ? [index] : []));
  const others = out.flatMap((_, index) => (isThinking[index] === true ? [] : [index]));
  const chars = (indexes: number[]): number[] => indexes.map((index) => out[index]?.[2] ?? 0);
  let thought: number | null = null;
  if (thinkingTokens !== undefined) thought = Math.min(thinkingTokens, outputCount);
  else if (thoughts.length === 0) thought = 0;
  else if (chars(thoughts).every((size) => size === 0)) {
    const written = chars(others).reduce((sum, size) => sum + size, 0);
    thought = outputCount - Math.min(outputCount, Math.ceil(written * TOKENS_PER_CHAR));
  }
  const give = (indexes: number[], tokens: number): number => {
    const shares =
      splitInProportion(tokens, chars(indexes)) ??
      // All pieces are empty.
      splitInProportion(
        tokens,
        indexes.map(() => 1),
      );
    shares?.forEach((share, at) => (each[indexes[at] ?? 0] = share));
    return shares === null ? tokens : 0;
  };
  if (thought === null)
    return { each, thinking: 0, rest: give([...thoughts, ...others], outputCount) };
  if (others.length === 0 && thoughts.length > 0) thought = outputCount;
  const thinking = give(thoughts, thought);
  return { each, thinking, rest: give(others, outputCount - thought) };
}
