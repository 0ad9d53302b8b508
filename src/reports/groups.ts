import { ticketFinder } from '../core/ticket.ts';
import type { ZoneOffset } from '../core/time/period.ts';
import { type Measures, addMeasures, noMeasures } from '../store/rollups/measures.ts';
import type { SummedRow } from '../store/reader.ts';
import type { SessionIdentity } from '../store/sessions/reader.ts';
import { type Dimension, formatGroupKey, isTimeDimension } from './dimensions.ts';
import { type Group, toTotals } from './report.ts';

export interface GroupingOptions {
  by: Dimension[];
  offset: ZoneOffset;
  order: 'asc' | 'desc' | null;
  /** Further groups are added up in a last one. */
  limit: number | null;
  /** Adds the models of each group; the rows must be grouped by model too. */
  hasBreakdown?: boolean | undefined;
  /** Sort by last activity instead of by cost; needs the sessions' facts. */
  isByActivity?: boolean | undefined;
  ticketPattern?: string | undefined;
}

interface FoundGroup {
  id: string;
  key: Record<string, string | null>;
  measures: Measures;
  models: Map<string, Measures>;
  facts: SessionIdentity | null;
  /** The sort key of a chronological list. */
  timeMs: number;
}

/** Combines rows into sorted groups, which sum exactly to the rows. */
export function buildGroups(
  rows: SummedRow[],
  sessions: ReadonlyMap<string, SessionIdentity>,
  options: GroupingOptions,
): Group[] {
  const allGroups = fold(rows, sessions, options);
  const { by, order, limit, hasBreakdown = false, isByActivity = false } = options;
  const isByTime = isByActivity || (by[0] !== undefined && isTimeDimension(by[0]));
  const direction = order ?? (isByTime ? 'asc' : 'desc');
  allGroups.sort((a, b) => {
    const byTime = isByTime ? a.timeMs - b.timeMs : 0;
    if (byTime !== 0) return direction === 'asc' ? byTime : -byTime;
    const byCost = compareCosts(a, b);
    // Within one time the most expensive group comes first, whatever the order of times.
    return isByTime || direction === 'desc' ? byCost : -byCost;
  });
  // A limit keeps the newest times, even if they are sorted last.
  const shown =
    limit === null
      ? allGroups
      : isByTime && direction === 'asc'
        ? allGroups.slice(-limit)
        : allGroups.slice(0, limit);
  const groups = shown.map((group) => buildGroup(group, hasBreakdown));
  if (shown.length < allGroups.length) {
    const rest = new Set(allGroups);
    for (const group of shown) rest.delete(group);
    groups.push(sumOthers([...rest], hasBreakdown));
  }
  return groups;
}

function fold(
  rows: SummedRow[],
  sessions: ReadonlyMap<string, SessionIdentity>,
  { by, offset, hasBreakdown, isByActivity, ticketPattern }: GroupingOptions,
): FoundGroup[] {
  const allGroups = new Map<string, FoundGroup>();
  const rules = { offset, ticketOf: ticketFinder(ticketPattern) };
  // Sort by the time itself: of two hours named 02:00 when a clock is set back, the earlier is first.
  const starts = new Map<string | null, number>();
  for (const row of rows) {
    const key = formatGroupKey(by, row.keys, row.quarterMs, rules);
    const id = JSON.stringify(Object.values(key));
    let group = allGroups.get(id);
    if (group === undefined) {
      const facts = sessions.get(key['session'] ?? '') ?? null;
      group = { id, key, measures: noMeasures(), models: new Map(), facts, timeMs: 0 };
      allGroups.set(id, group);
    }
    addMeasures(group.measures, row.measures);
    if (hasBreakdown === true) addTo(group.models, row.keys.model ?? '', row.measures);
    const first = key[by[0] ?? ''] ?? null;
    starts.set(first, Math.min(starts.get(first) ?? Infinity, row.quarterMs ?? Infinity));
  }
  for (const group of allGroups.values()) {
    group.timeMs = isByActivity
      ? (group.facts?.lastAtMs ?? 0)
      : (starts.get(group.key[by[0] ?? ''] ?? null) ?? 0);
  }
  return [...allGroups.values()];
}

function compareCosts(a: FoundGroup, b: FoundGroup): number {
  const difference = b.measures.cost_nano_usd - a.measures.cost_nano_usd;
  if (difference !== 0n) return difference > 0n ? 1 : -1;
  return a.id < b.id ? -1 : 1;
}

function addTo(models: Map<string, Measures>, model: string, measures: Measures): void {
  const sums = models.get(model) ?? noMeasures();
  addMeasures(sums, measures);
  models.set(model, sums);
}

function buildGroup({ key, measures, models, facts }: FoundGroup, hasBreakdown: boolean): Group {
  const session =
    facts === null
      ? {}
      : {
          project: facts.project,
          client: facts.client,
          firstAt: iso(facts.firstAtMs),
          lastAt: iso(facts.lastAtMs),
        };
  return { key, ...session, ...toTotals(measures), ...buildBreakdown(models, hasBreakdown) };
}

function sumOthers(rest: FoundGroup[], hasBreakdown: boolean): Group {
  const measures = noMeasures();
  const models = new Map<string, Measures>();
  for (const group of rest) {
    addMeasures(measures, group.measures);
    for (const [model, sum] of group.models) addTo(models, model, sum);
  }
  return { key: { other: true }, ...toTotals(measures), ...buildBreakdown(models, hasBreakdown) };
}

function buildBreakdown(
  models: Map<string, Measures>,
  hasBreakdown: boolean,
): { breakdown?: Group[] } {
  if (!hasBreakdown) return {};
  const sorted = [...models].sort(([nameA, a], [nameB, b]) => {
    const difference = b.cost_nano_usd - a.cost_nano_usd;
    if (difference !== 0n) return difference > 0n ? 1 : -1;
    return nameA < nameB ? -1 : 1;
  });
  return {
    breakdown: sorted.map(([model, measures]) => ({ key: { model }, ...toTotals(measures) })),
  };
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
