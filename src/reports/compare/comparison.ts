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

/** One day and model as both tools count it. */
export interface ComparedKey {
  day: string;
  model: string;
  theirs: Amounts;
  ours: Amounts;
  /** Our requests: each is rounded to the nano-dollar, theirs are sums of doubles. */
  requests: number;
}

export interface ComparedCause {
  cause: CompareCause;
  what: string;
  requests: number;
  amounts: AmountsJson;
  /** `file:line` of each request, or the request where no line is left. */
  lines: string[];
}

export interface ComparedRow {
  day: string;
  model: string;
  theirs: AmountsJson;
  ours: AmountsJson;
  difference: AmountsJson;
  causes: ComparedCause[];
  /** What none of the causes accounts for; null: nothing. */
  unexplained: AmountsJson | null;
}

export interface Comparison extends Pick<
  Report,
  'schemaVersion' | 'generatedAt' | 'timezone' | 'filters'
> {
  tool: { name: 'ccusage'; version: string; command: string };
  totals: { theirs: AmountsJson; ours: AmountsJson; difference: AmountsJson };
  /** Days and models that agree. */
  agreeing: number;
  /** Those that differ. */
  rows: ComparedRow[];
}

/** Whether both say the same, but for how they round. */
export function agrees({ theirs, ours, requests }: ComparedKey): boolean {
  const rest = difference(theirs, ours);
  return !hasTokens(rest) && isRounding(rest, requests);
}

function isRounding({ costNanoUsd }: Amounts, requests: number): boolean {
  const magnitude = costNanoUsd < 0n ? -costNanoUsd : costNanoUsd;
  return magnitude <= BigInt(requests + 1);
}

/** What differs of one day and model, by cause; the causes and the rest sum to the difference. */
export function explainRow(
  key: ComparedKey,
  deltas: readonly Delta[],
  lines: () => string[],
): ComparedRow {
  const { day, model, theirs, ours } = key;
  const whole = difference(theirs, ours);
  const causes = byCause(deltas);
  const rest = { ...whole };
  for (const { amounts } of deltas) addAmounts(rest, amounts, -1n);
  if (!hasTokens(rest) && isRounding(rest, key.requests)) rest.costNanoUsd = 0n;
  if (!hasTokens(rest) && rest.costNanoUsd !== 0n) {
    // Every token is accounted for, and every multiplier: what is left can only be the price.
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
    difference: amountsJson(whole),
    causes,
    unexplained: isNothing(rest) ? null : amountsJson(rest),
  };
}

function byCause(deltas: readonly Delta[]): ComparedCause[] {
  const found = new Map<
    string,
    { delta: Delta; amounts: Amounts; lines: string[]; count: number }
  >();
  for (const delta of deltas) {
    const id = `${delta.cause}\n${delta.detail}`;
    const known = found.get(id) ?? { delta, amounts: noAmounts(), lines: [], count: 0 };
    addAmounts(known.amounts, delta.amounts);
    known.lines.push(...delta.places);
    known.count++;
    found.set(id, known);
  }
  return [...found.values()].map(({ delta: { cause, detail }, amounts, lines, count }) => ({
    cause,
    what: detail === null ? COMPARE_CAUSES[cause] : `${COMPARE_CAUSES[cause]} (${detail})`,
    requests: count,
    amounts: amountsJson(amounts),
    lines,
  }));
}
