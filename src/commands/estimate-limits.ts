import { AMOUNT_FAULT, parseAmount } from '../core/budget/spec.ts';
import { UserError } from '../core/lang/user-error.ts';
import { formatCount, formatUsd } from '../render/text/number-format.ts';
import type { Estimate } from '../reports/estimate.ts';

/** Limits that `--max-tokens` and `--max-usd` set; null: none. */
export interface EstimateLimits {
  tokens: number | null;
  costNanoUsd: number | null;
}

/** @throws UserError for a value that is not a limit */
export function parseEstimateLimits(flags: {
  maxTokens?: string | undefined;
  maxUsd?: string | undefined;
}): EstimateLimits {
  const { maxTokens, maxUsd } = flags;
  const tokens = maxTokens === undefined ? null : Number(maxTokens);
  if (maxTokens !== undefined && !/^[1-9]\d{0,11}$/.test(maxTokens)) {
    throw new UserError(
      `--max-tokens: '${maxTokens}' is not a number of tokens`,
      'Use e.g. 50000.',
    );
  }
  const costNanoUsd = maxUsd === undefined ? null : parseAmount(maxUsd);
  if (maxUsd !== undefined && costNanoUsd === null) {
    throw new UserError(`--max-usd: '${maxUsd}' ${AMOUNT_FAULT}`, 'Use e.g. 0.50.');
  }
  return { tokens, costNanoUsd };
}

/** One line if a model would take more tokens than the setting `estimate.warnTokens`; else null. */
export function largePromptWarning(
  estimates: readonly Estimate[],
  warnTokens: number,
): string | null {
  const most = Math.max(0, ...estimates.map(({ tokens }) => tokens.mid));
  if (most <= warnTokens) return null;
  return `the prompt has ~${formatCount(most)} tokens, more than estimate.warnTokens (${formatCount(warnTokens)})`;
}

/** The first model above a limit, as a line; null if none is. A model without a price is above any cost. */
export function exceededLimit(
  estimates: readonly Estimate[],
  limits: EstimateLimits,
): string | null {
  for (const { model, tokens, costNanoUsd } of estimates) {
    if (limits.tokens !== null && tokens.mid > limits.tokens) {
      return `${model}: ~${formatCount(tokens.mid)} tokens are more than --max-tokens ${formatCount(limits.tokens)}`;
    }
    if (limits.costNanoUsd === null) continue;
    const limit = formatUsd(limits.costNanoUsd, 4);
    if (costNanoUsd === null) return `${model} has no price to compare with --max-usd ${limit}`;
    if (costNanoUsd.mid > limits.costNanoUsd) {
      return `${model}: ~${formatUsd(costNanoUsd.mid, 4)} is more than --max-usd ${limit}`;
    }
  }
  return null;
}
