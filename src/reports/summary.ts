import { type ZoneOffset, dayOf, startOfDay } from '../core/period.ts';
import { type Measures, addMeasures, noMeasures } from '../store/measures.ts';
import {
  type LedgerReader,
  NO_FILTER,
  type RecordFilter,
  type SummedRow,
} from '../store/reader.ts';
import type { TimeGrouping } from '../store/time-grouping.ts';
import { type Dimension, groupKey, isTimeDimension } from './dimensions.ts';
import { type Group, type Overview, type Report, sumOf, totalsOf } from './report.ts';

export interface SummaryRequest {
  filter: RecordFilter;
  /** The filters as the user gave them, for the report to repeat. */
  filters: Record<string, string>;
  by: Dimension[];
  timezone: string;
  offset: ZoneOffset;
  order: 'asc' | 'desc' | null;
  /** Groups beyond it are added up in a last one. */
  limit: number | null;
  nowMs: number;
}

/** Totals and groups of the records that pass a filter; the groups sum to the totals, exactly. */
export async function summarize(reader: LedgerReader, request: SummaryRequest): Promise<Report> {
  const { filter, by, offset } = request;
  const recordDimensions = by.filter((name) => !isTimeDimension(name));
  const rows = await reader.sums(filter, recordDimensions, timeGrouping(by, offset));
  const totals = noMeasures();
  for (const row of rows) addMeasures(totals, row.measures);
  const report: Report = {
    ...header(request),
    filters: request.filters,
    totals: totalsOf(totals),
    groups: by.length === 0 ? [] : groupsOf(rows, by, offset, request),
  };
  if (filter.sessionId !== null && isWholeSession(filter)) {
    const said = await reader.clientSpend(filter.sessionId);
    if (said !== null) report.unattributedCostNanoUsd = sumOf(said - totals.cost_nano_usd);
  }
  return report;
}

/** Weeks and months are added up from days. */
function timeGrouping(by: Dimension[], offset: ZoneOffset): TimeGrouping | null {
  if (!by.some((name) => isTimeDimension(name))) return null;
  return { unit: by.includes('hour') ? 'hour' : 'day', offset };
}

function isWholeSession(filter: RecordFilter): boolean {
  return Object.entries(filter).every(([name, value]) => name === 'sessionId' || value === null);
}

function header(request: {
  nowMs: number;
  timezone: string;
}): Pick<Report, 'schemaVersion' | 'generatedAt' | 'timezone'> {
  return {
    schemaVersion: 1,
    generatedAt: new Date(request.nowMs).toISOString(),
    timezone: request.timezone,
  };
}

interface FoundGroup {
  key: Record<string, string | null>;
  measures: Measures;
  /** Its earliest quarter of an hour, where times were asked for. */
  startMs: number;
}

function groupsOf(
  rows: SummedRow[],
  by: Dimension[],
  offset: ZoneOffset,
  { order, limit }: Pick<SummaryRequest, 'order' | 'limit'>,
): Group[] {
  const found = new Map<string, FoundGroup>();
  for (const row of rows) {
    const key = groupKey(by, row.keys, row.quarterMs, offset);
    const id = JSON.stringify(Object.values(key));
    const group = found.get(id) ?? { key, measures: noMeasures(), startMs: Infinity };
    addMeasures(group.measures, row.measures);
    group.startMs = Math.min(group.startMs, row.quarterMs ?? Infinity);
    found.set(id, group);
  }
  // Times in their order; everything else dearest first.
  const isTimeFirst = by[0] !== undefined && isTimeDimension(by[0]);
  const direction = order ?? (isTimeFirst ? 'asc' : 'desc');
  const sorted = [...found.entries()].sort(([idA, a], [idB, b]) => {
    const byName = idA < idB ? -1 : 1;
    // By the time itself: of the two hours named 02:00 when a clock goes back one comes first.
    const isSameTime = a.key[by[0] ?? ''] === b.key[by[0] ?? ''];
    if (isTimeFirst) return isSameTime ? byName : a.startMs - b.startMs;
    const difference = a.measures.cost_nano_usd - b.measures.cost_nano_usd;
    return difference === 0n ? -byName : Number(difference > 0n) * 2 - 1;
  });
  if (direction === 'desc') sorted.reverse();
  const groups = sorted.map(([, group]) => group);
  const shown = limit === null ? groups : groups.slice(0, limit);
  const rest = groups.slice(shown.length);
  const result: Group[] = shown.map(({ key, measures }) => ({ key, ...totalsOf(measures) }));
  if (rest.length > 0) {
    const others = noMeasures();
    for (const { measures } of rest) addMeasures(others, measures);
    result.push({ key: { other: true }, ...totalsOf(others) });
  }
  return result;
}

/** All time, today, the current project and the last session: what bare `tallyhook` answers. */
export async function overview(
  reader: LedgerReader,
  request: Pick<SummaryRequest, 'timezone' | 'offset' | 'nowMs'> & {
    project: { root: string; name: string };
  },
): Promise<Overview> {
  const { offset, nowMs, project } = request;
  const sum = async (filter: Partial<RecordFilter>): Promise<Measures> => {
    const measures = noMeasures();
    const rows = await reader.sums({ ...NO_FILTER, ...filter }, [], null);
    for (const row of rows) addMeasures(measures, row.measures);
    return measures;
  };
  const today = dayOf(nowMs, offset);
  const last = await reader.lastSession();
  return {
    ...header(request),
    filters: {},
    totals: totalsOf(await sum({})),
    groups: [],
    today: totalsOf(
      await sum({ sinceMs: startOfDay(today, offset), untilMs: startOfDay(today + 1, offset) }),
    ),
    project: { name: project.name, ...totalsOf(await sum({ projectRoot: project.root })) },
    lastSession:
      last === null
        ? null
        : {
            sessionId: last.sessionId,
            project: last.project,
            lastAt: new Date(last.lastAtMs).toISOString(),
            ...totalsOf(await sum({ sessionId: last.sessionId })),
          },
  };
}
