import { mergeUsage } from '../../core/record/cost-record.ts';
import type { PriceTable } from '../../pricing/price-table.ts';
import type { ReaderLine } from '../../core/reader-line.ts';
import type { StoredRecord } from '../../store/records/unpriced-reader.ts';
import { type Amounts, difference, isNothing, noAmounts } from './amounts.ts';
import type { CompareCause } from './causes.ts';
import { type Priced, ccusageAmounts, costAt, longPromptExtra } from './their-cost.ts';

/** A line with its place, `file:line`. */
export interface PlacedLine extends ReaderLine {
  place: string;
}

/** One reason why a request makes a day and model differ: their amounts minus ours. */
export interface Delta {
  key: string;
  cause: CompareCause;
  /** Details, if there are any. */
  detail: string | null;
  amounts: Amounts;
  /** `file:line`, or the request if no line exists any more. */
  places: string[];
}

export interface ExplainContext {
  prices: PriceTable;
  /** The day and model that a request belongs to. */
  keyOf: (atMs: number, model: string) => string;
  /** Whether ccusage reported that it has no price for a model. */
  isUnpriced: (model: string, isFast: boolean) => boolean;
}

/**
 * Everything that ccusage is known to do differently for one request, step by step from our amounts to its
 * amounts; the steps sum to the difference.
 */
export function explainRecord(
  record: StoredRecord,
  lines: readonly PlacedLine[],
  context: ExplainContext,
): Delta[] {
  const { draft, model } = record;
  const key = context.keyOf(draft.occurredAtMs, model);
  const stored = ccusageAmounts(draft.usage, BigInt(record.costNanoUsd ?? 0));
  const deltas: Delta[] = [];
  let amounts = stored;
  let places = lines.map(({ place }) => place);
  const become = (next: Amounts, cause: CompareCause, detail: string | null = null): void => {
    const change = difference(next, amounts);
    if (!isNothing(change)) deltas.push({ key, cause, detail, amounts: change, places });
    amounts = next;
  };
  if (lines.length === 0) {
    places = [`request ${record.id} of session ${draft.claim.sessionId}`];
    become(noAmounts(), 'gone');
    return deltas;
  }
  const chosen = chosenLine(lines);
  if (chosen === null) {
    become(noAmounts(), 'passed-over', lines[0]?.passedOver ?? null);
    return deltas;
  }
  if (draft.sideKind === 'compaction') {
    become(noAmounts(), 'compaction');
    return deltas;
  }
  places = [chosen.place];
  const { prices } = context;
  let priced: Priced = {
    model: draft.modelRaw,
    atMs: draft.occurredAtMs,
    usage: draft.usage,
    modifiers: draft.modifiers,
    iterations: draft.iterations,
  };
  const step = (change: Partial<Priced>, cause: CompareCause): void => {
    priced = { ...priced, ...change };
    become(ccusageAmounts(priced.usage, costAt(prices, priced)), cause);
  };
  step({}, 'recorded');
  if (draft.sideKind === null) {
    const searches = draft.usage.webSearchRequests;
    const stated = lines.map(({ usage }) => usage).reduce(mergeUsage);
    step({ usage: { ...stated, webSearchRequests: searches } }, 'told-before');
    step({ usage: { ...chosen.usage, webSearchRequests: searches } }, 'one-line');
    step({ usage: { ...chosen.theirUsage, webSearchRequests: searches } }, 'cache-breakdown');
  }
  step({ usage: { ...priced.usage, webSearchRequests: 0 } }, 'searches');
  const { modifiers } = draft;
  if (modifiers.serviceTier === 'batch') {
    step({ modifiers: { ...priced.modifiers, serviceTier: null } }, 'batch');
  }
  if (modifiers.inferenceGeo === 'us') {
    step({ modifiers: { ...priced.modifiers, inferenceGeo: null } }, 'region');
  }
  const costing = (costNanoUsd: bigint): Amounts => ({ ...amounts, costNanoUsd });
  const extra = longPromptExtra(prices, model, priced);
  become(costing(amounts.costNanoUsd + extra), 'long-prompt');
  if (draft.sideKind === null && chosen.chargedNanoUsd !== null) {
    become(costing(BigInt(chosen.chargedNanoUsd)), 'own-cost');
  } else if (context.isUnpriced(model, modifiers.speed === 'fast')) {
    become(costing(0n), 'unpriced', record.isFallback ? "tallyhook's price is a guess, too" : null);
  }
  const theirKey = context.keyOf(chosen.atMs ?? draft.occurredAtMs, model);
  if (theirKey !== key) {
    const moved = amounts;
    become(noAmounts(), 'another-day');
    deltas.push({ key: theirKey, cause: 'another-day', detail: null, amounts: moved, places });
  }
  return deltas;
}

/**
 * The line with the most tokens, then the most output, then a cost or a speed of its own, then the first
 * one.
 */
export function chosenLine<Line extends ReaderLine>(lines: readonly Line[]): Line | null {
  let best: Line | null = null;
  for (const line of lines) {
    if (line.passedOver !== null) continue;
    if (best === null || isRather(line, best)) best = line;
  }
  return best;
}

function isRather(line: ReaderLine, best: ReaderLine): boolean {
  const ranks = [sumTokens, getOutputTokens, (of: ReaderLine) => Number(of.speed !== null)];
  ranks.push((of) => Number(of.chargedNanoUsd !== null));
  for (const rank of ranks) {
    if (rank(line) !== rank(best)) return rank(line) > rank(best);
  }
  return false;
}

function sumTokens({ theirUsage }: ReaderLine): number {
  const { inputTokens, outputTokens, cacheReadTokens } = theirUsage;
  const writes = theirUsage.cacheWrite5mTokens + theirUsage.cacheWrite1hTokens;
  return inputTokens + outputTokens + cacheReadTokens + writes;
}

function getOutputTokens({ theirUsage }: ReaderLine): number {
  return theirUsage.outputTokens;
}
