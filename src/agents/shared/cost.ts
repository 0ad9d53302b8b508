import { exactUsd, roundToNanoUsd } from '../../core/money/exact-usd.ts';

/**
 * A cost in USD that an agent states itself, in nano-USD. Zero is null: it means that the agent knows no
 * price, or that a subscription covers the request.
 */
export function statedNanoUsd(cost: unknown): number | null {
  const usd = exactUsd(cost);
  const nanoUsd = usd === null ? null : roundToNanoUsd(usd);
  return nanoUsd === 0 ? null : nanoUsd;
}
