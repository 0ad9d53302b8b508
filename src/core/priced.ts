import { type RecordDraft, type TaskType, taskTypeOf } from './cost-record.ts';
import { modelClassOf, providerOf } from './model-name.ts';
import { type PriceTable, costOf, lookupPrice } from './price.ts';
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
}

/** Prices a draft at the time of its request. */
export function priceRecord(draft: RecordDraft, prices: PriceTable): PricedRecord {
  const found = lookupPrice(prices, draft.modelRaw, draft.occurredAtMs);
  const model = found.model;
  const named = {
    model,
    provider: providerOf(draft.modelRaw),
    modelClass: modelClassOf(model),
    taskType: taskTypeOf(draft),
  };
  if (draft.chargedNanoUsd !== null) {
    const costNanoUsd = draft.chargedNanoUsd;
    return { ...named, costNanoUsd, priceId: null, priceBasis: 'provider' };
  }
  if (found.row === null) {
    return { ...named, costNanoUsd: null, priceId: null, priceBasis: 'none' };
  }
  // Merged lines may disagree with the passes of the one that described the request best.
  const iterations = sumsTo(draft.iterations, draft.usage) ? draft.iterations : [];
  return {
    ...named,
    costNanoUsd: costOf({ usage: draft.usage, modifiers: draft.modifiers, iterations }, found.row),
    priceId: found.row.id,
    priceBasis: found.basis,
  };
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
