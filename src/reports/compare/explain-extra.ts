import { noAmounts } from './amounts.ts';
import type { CompareCause } from './causes.ts';
import { type ExplainContext, type Delta, type PlacedLine, chosenLine } from './explain-record.ts';
import { ccusageAmounts, costAt } from './their-cost.ts';

/** A line that belongs to no record, and why. */
export interface ExtraLine extends PlacedLine {
  why: Extract<CompareCause, 'api-error' | 'another-file' | 'unfinished' | 'not-recorded'>;
}

/** What ccusage counts and the ledger does not: requests without a record. */
export function explainExtra(lines: readonly ExtraLine[], context: ExplainContext): Delta[] {
  const byRequest = new Map<string, ExtraLine[]>();
  for (const line of lines) {
    const same = byRequest.get(line.recordId);
    if (same === undefined) byRequest.set(line.recordId, [line]);
    else same.push(line);
  }
  return [...byRequest.values()].flatMap((same) => {
    const line = chosenLine(same);
    return line === null ? [] : (theirDelta(line, line.why, context) ?? []);
  });
}

/** To ccusage each line without a message id or request id is a request, repeated or not. */
export function explainRepeated(lines: readonly PlacedLine[], context: ExplainContext): Delta[] {
  const counted = lines.filter((line) => line.messageId === null && line.passedOver === null);
  return counted.slice(1).flatMap((line) => theirDelta(line, 'repeated', context) ?? []);
}

function theirDelta(
  line: PlacedLine,
  cause: CompareCause,
  { prices, keyOf, isUnpriced }: ExplainContext,
): Delta | null {
  if (line.atMs === null) return null;
  const { model, speed, theirUsage, chargedNanoUsd, place } = line;
  const priced = {
    model,
    atMs: line.atMs,
    usage: theirUsage,
    modifiers: { serviceTier: null, speed, inferenceGeo: null },
    iterations: [],
  };
  const isFree = isUnpriced(model, speed === 'fast');
  const cost =
    chargedNanoUsd === null ? (isFree ? 0n : costAt(prices, priced)) : BigInt(chargedNanoUsd);
  const amounts = { ...noAmounts(), ...ccusageAmounts(theirUsage, cost) };
  return { key: keyOf(line.atMs, model), cause, detail: null, amounts, places: [place] };
}
