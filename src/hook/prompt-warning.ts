import { estimateTokens, tokenFactor } from '../core/estimate-tokens.ts';

/** A model that none is known of yet is taken for a current one. */
const CURRENT = 'claude-opus-5-5';

/** What the user is told of a large prompt before it is sent. Null for others. */
export function promptWarning(
  prompt: string,
  warnTokens: number,
  lastModel: () => string | null,
): string | null {
  // No text has more tokens than bytes; a short one needs no model and no counting.
  if (prompt.length * 4 * 1.5 <= warnTokens) return null;
  const tokens = Math.round(estimateTokens(prompt) * tokenFactor(lastModel() ?? CURRENT));
  if (tokens <= warnTokens) return null;
  return (
    `tallyhook: this prompt has ~${grouped(tokens)} tokens (give or take a quarter), ` +
    `more than estimate.warnTokens (${grouped(warnTokens)}). "tallyhook estimate" tells its cost.`
  );
}

function grouped(count: number): string {
  return String(count).replace(/\B(?=(?:\d{3})+$)/g, ',');
}
