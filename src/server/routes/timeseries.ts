import { DAY_MS, HOUR_MS } from '../../core/time/units.ts';
import * as z from 'zod';
import { LedgerReader } from '../../store/reader.ts';
import { toLocalDay, startOfDay, timeLabel, type ZoneOffset } from '../../core/time/period.ts';
import { isTimeDimension } from '../../reports/dimensions.ts';
import { type Group, addedTotals } from '../../reports/report.ts';
import { type SummaryRequest, summarize } from '../../reports/summary.ts';
import type { DocumentOf } from '../../schemas/schema-of.ts';
import { INTERVALS, type point, timeseriesAnswer } from '../../schemas/answers/costs.ts';
import {
  filterParameters,
  requestGroupByParameter,
  isQuick,
  rangeParameter,
} from '../http/parameters.ts';
import { Problem } from '../http/problem.ts';
import { answerHead } from '../http/answer-head.ts';
import { route } from '../http/route.ts';
import { parsePeriod, formatRange, toSummaryRequest } from './summary.ts';

type Interval = (typeof INTERVALS)[number];

/** More than a chart can show. The limit keeps hourly groups from reading a year of quarter-hour roll-ups. */
const MAX_POINTS = 1000;

export const timeseriesRoute = route({
  method: 'get',
  path: '/api/costs/timeseries',
  summary: 'Totals per local hour, day, week or month, oldest first, without gaps',
  access: 'token',
  query: z.strictObject({
    interval: z.enum(INTERVALS).optional().describe('Default: chosen by the length of the period'),
    groupBy: requestGroupByParameter.refine(
      (by) => by.length <= 1 && !by.some((name) => isTimeDimension(name) || name === 'session'),
      { error: 'must be one dimension, and neither a time nor session' },
    ),
    range: rangeParameter,
    ...filterParameters,
  }),
  answer: timeseriesAnswer,
  thread: (query) => (isQuick(query, [...query.groupBy, 'day']) ? 'reports' : 'rows'),
  respond: ({ query, receivedAtMs }, worker) =>
    worker.ledger(async (db) => {
      const request = await toSummaryRequest(query, query.groupBy, db, worker, receivedAtMs);
      const reader = new LedgerReader(db);
      const span = await findSpan(reader, request);
      const interval = query.interval ?? intervalFor(span);
      const starts = span === null ? [] : listStarts(interval, span, request.offset);
      const groups =
        span === null
          ? []
          : (await summarize(reader, { ...request, by: [interval, ...query.groupBy] })).groups;
      return {
        ...answerHead(receivedAtMs),
        timezone: request.timezone,
        interval,
        period: parsePeriod(formatRange(query), request.filter),
        points: buildPoints(starts, interval, request, query.groupBy[0] ?? null, groups),
      };
    }),
});

interface Span {
  sinceMs: number;
  untilMs: number;
}

/** From the requested start, or else the first day with records, to the requested end, or else now. */
async function findSpan(reader: LedgerReader, request: SummaryRequest): Promise<Span | null> {
  const { filter, offset, nowMs } = request;
  let { sinceMs } = filter;
  let last = nowMs;
  if (sinceMs === null || filter.untilMs === null) {
    const days = await reader.days(filter);
    if (days === null) return null;
    sinceMs ??= startOfDay(toLocalDay(days.firstMs, offset), offset);
    last = Math.max(nowMs, days.lastMs + 1);
  }
  const untilMs = filter.untilMs ?? last;
  return sinceMs < untilMs ? { sinceMs, untilMs } : null;
}

function intervalFor(span: Span | null): Interval {
  const days = span === null ? 0 : (span.untilMs - span.sinceMs) / DAY_MS;
  if (days <= 2) return 'hour';
  if (days <= 93) return 'day';
  return days <= 700 ? 'week' : 'month';
}

/** @throws Problem for more than MAX_POINTS points */
function listStarts(interval: Interval, { sinceMs, untilMs }: Span, offset: ZoneOffset): number[] {
  const starts: number[] = [];
  let at = startIn(interval, sinceMs, offset);
  while (at < untilMs) {
    if (starts.length === MAX_POINTS) {
      const message = `gives more than ${MAX_POINTS} points: use a longer interval or a shorter period`;
      throw new Problem(400, 'bad_parameter', message, 'interval');
    }
    starts.push(at);
    at = nextStart(interval, at, offset);
  }
  return starts;
}

function startIn(interval: Interval, atMs: number, offset: ZoneOffset): number {
  if (interval === 'hour') {
    const local = atMs + offset(atMs);
    return atMs - (((local % HOUR_MS) + HOUR_MS) % HOUR_MS);
  }
  const day = toLocalDay(atMs, offset);
  if (interval === 'day') return startOfDay(day, offset);
  // 1970-01-01 was a Thursday.
  if (interval === 'week') return startOfDay(day - ((((day + 3) % 7) + 7) % 7), offset);
  const date = new Date(day * DAY_MS);
  return startOfDay(day - date.getUTCDate() + 1, offset);
}

function nextStart(interval: Interval, startMs: number, offset: ZoneOffset): number {
  if (interval === 'hour') return startIn('hour', startMs + HOUR_MS, offset);
  const day = toLocalDay(startMs, offset);
  if (interval === 'day') return startOfDay(day + 1, offset);
  if (interval === 'week') return startOfDay(day + 7, offset);
  const date = new Date(day * DAY_MS);
  const next = Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1) / DAY_MS;
  return startOfDay(next, offset);
}

function buildPoints(
  starts: number[],
  interval: Interval,
  { offset }: SummaryRequest,
  dimension: string | null,
  groups: Group[],
): DocumentOf<typeof point>[] {
  const byLabel = new Map<string, Group[]>();
  for (const one of groups) {
    const label = String(one.key[interval]);
    byLabel.set(label, [...(byLabel.get(label) ?? []), one]);
  }
  return starts.map((startMs) => {
    const label = timeLabel(interval, startMs, offset);
    const labelled = byLabel.get(label) ?? [];
    const start = new Date(startMs).toISOString();
    const [only] = labelled;
    if (dimension === null && only !== undefined) {
      const { key: _key, ...totals } = only;
      return { start, label, ...totals };
    }
    if (dimension === null) return { start, label, ...addedTotals([]) };
    const parts = labelled.map(({ key, ...totals }) => ({
      key: { [dimension]: key[dimension] ?? null },
      ...totals,
    }));
    return { start, label, ...addedTotals(labelled), groups: parts };
  });
}
