import type { Report } from '../report.ts';
import {
  type Amounts,
  type AmountsJson,
  addAmounts,
  amountsJson,
  difference,
  hasTokens,
  isNothing,
  noAmounts,
} from './amounts.ts';
import { COMPARE_CAUSES, type CompareCause } from './causes.ts';
import type { Delta } from './explain-record.ts';

/** One day and model as counted by both tools. */
export interface ComparedKey {
  day: string;
  model: string;
  theirs: Amounts;
  ours: Amounts;
  /** Number of our requests: each is rounded to a nano-USD, while ccusage adds up doubles. */
  requests: number;
}

export interface ComparedCause {
  cause: CompareCause;
  what: string;
  requests: number;
  amounts: AmountsJson;
  /** `file:line` of each request, or the request if no line exists any more. */
  lines: string[];
}

export interface ComparedRow {
  day: string;
  model: string;
  theirs: AmountsJson;
  ours: AmountsJson;
  difference: AmountsJson;
  causes: ComparedCause[];
  /** The part of the difference without a known cause; null: none. */
  unexplained: AmountsJson | null;
}

export interface Comparison extends Pick<
  Report,
  'schemaVersion' | 'generatedAt' | 'timezone' | 'filters'
> {
  tool: { name: 'ccusage'; version: string; command: string };
  totals: { theirs: AmountsJson; ours: AmountsJson; difference: AmountsJson };
  /** Number of days and models that agree. */
  agreeing: number;
  /** The days and models that differ. */
  rows: ComparedRow[];
}

/** Whether both agree, except for rounding. */
export function agrees({ theirs, ours, requests }: ComparedKey): boolean {
  const rest = difference(theirs, ours);
  return !hasTokens(rest) && isRounding(rest, requests);
}

function isRounding({ costNanoUsd }: Amounts, requests: number): boolean {
  const magnitude = costNanoUsd < 0n ? -costNanoUsd : costNanoUsd;
  return magnitude <= BigInt(requests + 1);
}

/** The differences of one day and model by cause; the causes and the rest sum to the difference. */
export function explainRow(
  key: ComparedKey,
  deltas: readonly Delta[],
  lines: () => string[],
): ComparedRow {
  const { day, model, theirs, ours } = key;
  const total = difference(theirs, ours);
  const causes = byCause(deltas);
  const rest = { ...total };
  for (const { amounts } of deltas) addAmounts(rest, amounts, -1n);
  if (!hasTokens(rest) && isRounding(rest, key.requests)) rest.costNanoUsd = 0n;
  if (!hasTokens(rest) && rest.costNanoUsd !== 0n) {
    // Every token and every multiplier is accounted for, so the rest can only come from the price.
    causes.push({
      cause: 'prices',
      what: COMPARE_CAUSES.prices,
      requests: key.requests,
      amounts: amountsJson(rest),
      lines: lines(),
    });
    rest.costNanoUsd = 0n;
  }
  return {
    day,
    model,
    theirs: amountsJson(theirs),
    ours: amountsJson(ours),
    difference: amountsJson(total),
    causes,
    unexplained: isNothing(rest) ? null : amountsJson(rest),
  };
}

function byCause(deltas: readonly Delta[]): ComparedCause[] {
  const sums = new Map<
    string,
    { delta: Delta; amounts: Amounts; lines: string[]; count: number }
  >();
  for (const delta of deltas) {
    const id = `${delta.cause}\n${delta.detail}`;
    const sum = sums.get(id) ?? { delta, amounts: noAmounts(), lines: [], count: 0 };
    addAmounts(sum.amounts, delta.amounts);
    sum.lines.push(...delta.places);
    sum.count++;
    sums.set(id, sum);
  }
  return [...sums.values()].map(({ delta: { cause, detail }, amounts, lines, count }) => ({
    cause,
    what: detail === null ? COMPARE_CAUSES[cause] : `${COMPARE_CAUSES[cause]} (${detail})`,
    requests: count,
    amounts: amountsJson(amounts),
    lines,
  }));
}
