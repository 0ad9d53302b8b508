import { tokenFactor } from '../core/estimate-tokens.ts';
import { computeCost, lookupPrice } from '../pricing/cost.ts';
import type { PriceTable } from '../pricing/price-table.ts';

/** No tokenizer of a current Claude model is public: an estimate is accurate to this fraction of itself. */
const SPREAD = 0.25;

export interface EstimateRange {
  low: number;
  mid: number;
  high: number;
}

export interface Estimate {
  asked: string;
  model: string;
  tokens: EstimateRange;
  priceBasis: string;
  priceId: string | null;
  /** As uncached input, without the cost of the response; null if the model has no price. */
  costNanoUsd: EstimateRange | null;
  costUsd: EstimateRange | null;
}

/** The cost of a text as input, based on the token count of a tokenizer of OpenAI. */
export function reportEstimate(
  openAiTokens: number,
  models: readonly string[],
  table: PriceTable,
  atMs: number,
): Estimate[] {
  return models.map((asked) => {
    const { row, basis, model } = lookupPrice(table, asked, atMs);
    const mid = Math.round(openAiTokens * tokenFactor(model));
    const tokens = {
      low: Math.floor(mid * (1 - SPREAD)),
      mid,
      high: Math.ceil(mid * (1 + SPREAD)),
    };
    const cost =
      row === null ? null : mapRange(tokens, (count) => computeCost(inputOnly(count), row));
    return {
      asked,
      model,
      tokens,
      priceBasis: row === null ? 'none' : basis,
      priceId: row?.id ?? null,
      costNanoUsd: cost,
      costUsd: cost === null ? null : mapRange(cost, (nanoUsd) => nanoUsd / 1e9),
    };
  });
}

function mapRange({ low, mid, high }: EstimateRange, to: (n: number) => number): EstimateRange {
  return { low: to(low), mid: to(mid), high: to(high) };
}

function inputOnly(inputTokens: number): Parameters<typeof computeCost>[0] {
  return {
    usage: {
      inputTokens,
      outputTokens: 0,
      cacheReadTokens: 0,
      cacheWrite5mTokens: 0,
      cacheWrite1hTokens: 0,
      webSearchRequests: 0,
    },
    modifiers: { serviceTier: null, speed: null, inferenceGeo: null },
    iterations: [],
  };
}
