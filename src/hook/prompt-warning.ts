import { estimateTokens, tokenFactor } from '../core/estimate-tokens.ts';

/** Assumed while the session's model is not known yet. */
const CURRENT = 'claude-opus-5-5';

/** The warning about a large prompt, shown before it is sent. Null for others. */
export function promptWarning(
  prompt: string,
  warnTokens: number,
  lastModel: () => string | null,
): string | null {
  // A text has at most as many tokens as bytes, so a short one needs neither a model nor counting.
  if (prompt.length * 4 * 1.5 <= warnTokens) return null;
  const tokens = Math.round(estimateTokens(prompt) * tokenFactor(lastModel() ?? CURRENT));
  if (tokens <= warnTokens) return null;
  return (
    `tallyhook: this prompt has ~${grouped(tokens)} tokens (within about 25%), ` +
    `more than estimate.warnTokens (${grouped(warnTokens)}). "tallyhook estimate" shows its cost.`
  );
}

function grouped(count: number): string {
  return String(count).replace(/\B(?=(?:\d{3})+$)/g, ',');
}
