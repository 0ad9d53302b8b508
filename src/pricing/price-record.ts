import {
  type TaskType,
  type UnpricedRecord,
  classifyTask,
  isUnmetered,
} from '../core/record/cost-record.ts';
import { USER_DATED } from './overrides/merge.ts';
import { splitCost } from './cost-parts.ts';
import type { CostParts } from '../core/usage/usual-cost.ts';
import { aliasOf, classifyModel, parseProvider } from '../core/model/model-name.ts';
import { RESELLERS, isLocalProvider, listsInPath } from '../core/model/provider-names.ts';
import { type Billable, type PriceRow, type PriceTable, computeCost, lookupPrice } from './cost.ts';
import type { Iteration, Usage } from '../core/usage/usage.ts';

/**
 * How a record's cost was determined. The cost is unknown with `none` (no price) and `unmetered` (no counts).
 */
export type PriceBasis =
  | 'exact'
  | 'alias'
  | 'family'
  | 'fallback'
  | 'provider'
  | 'estimated'
  | 'none'
  | 'unmetered';

export interface PricedRecord {
  /** Canonical name. */
  model: string;
  provider: string | null;
  modelClass: string | null;
  taskType: TaskType;
  /** Null if no price or no counts are known; such a record is counted as unpriced. */
  costNanoUsd: number | null;
  /** The parts of the cost; null without a cost. */
  parts: CostParts | null;
  priceId: string | null;
  priceBasis: PriceBasis;
  /** Date of the price's source; null without a price. It shows which of two tables is newer. */
  priceDated: string | null;
}

/** Prices a draft at the time of its request. */
export function priceRecord(draft: UnpricedRecord, prices: PriceTable): PricedRecord {
  const biller = findBiller(draft);
  const hints = biller === null ? undefined : { provider: biller };
  const match = lookupPrice(prices, draft.modelRaw, draft.occurredAtMs, undefined, hints);
  const { row, model } = match;
  // The price list shows who bills if the name does not: llama-3.3-70b-versatile.
  const lister = match.basis === 'fallback' ? null : findLister(draft.modelRaw, row);
  const isAliased = aliasOf(draft.modelRaw) !== null;
  const provider =
    biller ??
    parseProvider(draft.modelRaw) ??
    draft.marks?.providerHint ??
    lister ??
    (isAliased ? parseProvider(model) : null);
  let costNanoUsd = draft.chargedNanoUsd;
  let priceBasis: PriceBasis = 'provider';
  if (isUnmetered(draft)) priceBasis = 'unmetered';
  else if (costNanoUsd === null) {
    priceBasis = row === null ? 'none' : draft.marks?.isEstimated ? 'estimated' : match.basis;
    costNanoUsd = row === null ? null : computeCost(toBillable(draft), row);
  }
  const parts = costNanoUsd === null ? null : splitCost(costNanoUsd, toBillable(draft), row);
  const isOwn = priceBasis === 'provider' || priceBasis === 'unmetered';
  return {
    model,
    provider,
    modelClass: provider !== null && isLocalProvider(provider) ? 'local' : classifyModel(model),
    taskType: classifyTask(draft),
    costNanoUsd,
    parts,
    priceId: isOwn ? null : (row?.id ?? null),
    priceBasis,
    // Prices set by a rule have no date. What the user's alias says is newer than any table.
    priceDated: isAliased ? USER_DATED : isOwn ? null : row?.sourceDate || null,
  };
}

/** They serve models of other makers under the makers' names, so the name does not show who bills. */
const SERVING_OTHERS: readonly string[] = ['openrouter', 'bedrock', 'groq', 'ollama'];

/** A reseller's price may stand in for a vendor's, so only a name with the reseller in it shows who bills. */
function findLister(modelRaw: string, row: PriceRow | null): string | null {
  const lister = row?.provider ?? null;
  const isShown = lister === null || !RESELLERS.includes(lister);
  return isShown || listsInPath(modelRaw).includes(lister) ? lister : null;
}

/** Who bills the request, if its usage showed that beyond doubt. */
function findBiller({ marks }: UnpricedRecord): string | null {
  const hint = marks?.providerHint ?? null;
  return hint !== null && SERVING_OTHERS.includes(hint) ? hint : null;
}

/** Merged lines may have other counts than the passes of the line that described the request best. */
export function toBillable({
  usage,
  modifiers,
  iterations,
}: Pick<UnpricedRecord, keyof Billable>): Billable {
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
