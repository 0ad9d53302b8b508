import { type RecordDraft, type TaskType, taskTypeOf } from './cost-record.ts';
import { modelClassOf, providerOf } from './model-name.ts';
import { type Billable, type PriceTable, costOf, lookupPrice } from './price.ts';
import type { Iteration, Usage } from './usage.ts';

/** Where a record's cost comes from; `none`: no price, the cost is unknown. */
export type PriceBasis =
  | 'exact'
  | 'alias'
  | 'family'
  | 'fallback'
  | 'provider'
  | 'estimated'
  | 'none';

export interface PricedRecord {
  /** Canonical name. */
  model: string;
  provider: string | null;
  modelClass: string | null;
  taskType: TaskType;
  /** Null where nothing prices it; such a record is counted as unpriced. */
  costNanoUsd: number | null;
  priceId: string | null;
  priceBasis: PriceBasis;
  /** Day of the price's source; null without a price. What tells the newer of two tables. */
  priceDated: string | null;
}

/** Prices a draft at the time of its request. */
export function priceRecord(draft: RecordDraft, prices: PriceTable): PricedRecord {
  const found = lookupPrice(prices, draft.modelRaw, draft.occurredAtMs);
  const provider = providerOf(draft.modelRaw);
  const { row, model } = found;
  const isFree = provider !== null && prices.policy?.freeTier.has(provider) === true;
  let costNanoUsd = draft.chargedNanoUsd;
  let priceBasis: PriceBasis = 'provider';
  if (costNanoUsd === null && isFree) {
    priceBasis = 'exact';
    costNanoUsd = 0;
  } else if (costNanoUsd === null) {
    priceBasis = row === null ? 'none' : found.basis;
    costNanoUsd = row === null ? null : costOf(billableOf(draft), row);
  }
  return {
    model,
    provider,
    modelClass: modelClassOf(model),
    taskType: taskTypeOf(draft),
    costNanoUsd,
    priceId:
      priceBasis === 'provider' ? null : isFree ? `free-tier:${provider}` : (row?.id ?? null),
    priceBasis,
    priceDated: priceBasis === 'provider' || isFree ? null : (row?.sourceDate ?? null),
  };
}

/** Merged lines may disagree with the passes of the one that described the request best. */
function billableOf({ usage, modifiers, iterations }: RecordDraft): Billable {
  const isOnePass = iterations.length === 0 || !sumsTo(iterations, usage);
  return { usage, modifiers, iterations: isOnePass ? [] : iterations };
}

function sumsTo(iterations: Iteration[], usage: Usage): boolean {
  const sum = (field: keyof Iteration): number =>
    iterations.reduce((total, iteration) => total + iteration[field], 0);
  return (
    sum('inputTokens') === usage.inputTokens &&
    sum('outputTokens') === usage.outputTokens &&
    sum('cacheReadTokens') === usage.cacheReadTokens &&
    sum('cacheWrite5mTokens') === usage.cacheWrite5mTokens &&
    sum('cacheWrite1hTokens') === usage.cacheWrite1hTokens
  );
}
