import { type ZoneOffset, toLocalDay, startOfDay } from '../core/time/period.ts';
import { type Measures, addMeasures, noMeasures } from '../store/rollups/measures.ts';
import { type LedgerReader, NO_FILTER, type RecordFilter } from '../store/reader.ts';
import type { SessionIdentity, SessionReader } from '../store/sessions/reader.ts';
import type { TimeGrouping } from '../store/sums/time-grouping.ts';
import { type Dimension, isTimeDimension, listRecordDimensions } from './dimensions.ts';
import { emptyNote } from './empty-note.ts';
import { type GroupingOptions, buildGroups } from './groups.ts';
import { type Overview, type Report, toSum, toTotals } from './report.ts';

export interface SummaryRequest extends GroupingOptions {
  filter: RecordFilter;
  /** The filters as the user gave them, repeated in the report. */
  filters: Record<string, string>;
  timezone: string;
  nowMs: number;
}

/**
 * Totals and groups of the matching records; the groups sum exactly to the totals.
 * @param sessions supplies time and place of the sessions in groups; without it they are left out
 */
export async function summarize(
  reader: LedgerReader,
  request: SummaryRequest,
  sessions?: SessionReader,
): Promise<Report> {
  const { filter, by, hasBreakdown, offset } = request;
  const dimensions = listRecordDimensions(hasBreakdown === true ? [...by, 'model'] : by);
  const rows = await reader.sums(filter, dimensions, timeGrouping(by, offset));
  const totals = noMeasures();
  for (const row of rows) addMeasures(totals, row.measures);
  const facts =
    by.includes('session') && sessions !== undefined
      ? await sessions.facts(rows.map(({ keys }) => keys.session ?? ''))
      : new Map<string, SessionIdentity>();
  const report: Report = {
    ...header(request),
    filters: request.filters,
    totals: toTotals(totals),
    groups: by.length === 0 ? [] : buildGroups(rows, facts, request),
  };
  const unmetered = await countUnmetered(reader, filter, totals);
  if (unmetered > 0) report.unmeteredRequests = unmetered;
  if (totals.requests === 0n) report.note = await emptyNote(reader, request);
  if (filter.sessionId !== null && isWholeSession(filter)) {
    const reported = await reader.clientSpend(filter.sessionId);
    if (reported !== null) report.unattributedCostNanoUsd = toSum(reported - totals.cost_nano_usd);
  }
  return report;
}

/** Weeks and months are sums of days. */
function timeGrouping(by: Dimension[], offset: ZoneOffset): TimeGrouping | null {
  if (!by.some((name) => isTimeDimension(name))) return null;
  return { unit: by.includes('hour') ? 'hour' : 'day', offset };
}

async function countUnmetered(
  reader: LedgerReader,
  filter: RecordFilter,
  totals: Measures,
): Promise<number> {
  return totals.unpriced_requests > 0n ? reader.unmeteredRequests(filter) : 0;
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

/** All time, today, the current project and the last session: the output of `tallyhook` without a command. */
export async function reportOverview(
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
  const today = toLocalDay(nowMs, offset);
  const last = await reader.lastSession();
  const all = await sum({});
  const unmetered = await countUnmetered(reader, NO_FILTER, all);
  return {
    ...header(request),
    filters: {},
    totals: toTotals(all),
    groups: [],
    ...(unmetered > 0 && { unmeteredRequests: unmetered }),
    today: toTotals(
      await sum({ sinceMs: startOfDay(today, offset), untilMs: startOfDay(today + 1, offset) }),
    ),
    project: { name: project.name, ...toTotals(await sum({ project: project.root })) },
    lastSession:
      last === null
        ? null
        : {
            sessionId: last.sessionId,
            project: last.project,
            lastAt: new Date(last.lastAtMs).toISOString(),
            ...toTotals(await sum({ sessionId: last.sessionId })),
          },
  };
}
