import { useMemo } from 'react';
import type { Group, Interval, Point, RecordJson, Records, Timeseries } from '../api/types.ts';
import { filterQuery } from '../api/filter-query.ts';
import { useApi } from '../api/use-api.ts';
import { GROUPING_LABELS, type Grouping } from '../state/grouping-labels.ts';
import type { View } from '../state/view.ts';

export interface SpendData {
  interval: Interval | 'minutes';
  points: Point[];
}

const STEP_MS = 300_000;
const STEPS = 12;
/** The largest page of records that the API returns. */
const MAX_RECORDS = 500;

/** Spend over time. A range of one hour is computed from records, as the server's intervals start at an hour. */
export function useSpend(view: View) {
  const isHour = view.range === '1h';
  const query = filterQuery(view);
  const series = useApi<Timeseries>('/api/costs/timeseries', { ...query, groupBy: view.by });
  const records = useApi<Records>(
    '/api/costs',
    { ...query, pageSize: MAX_RECORDS },
    { isOff: !isHour },
  );
  const isByRecords = isHour && records.data !== undefined && records.data.total <= MAX_RECORDS;
  const data = useMemo((): SpendData | undefined => {
    if (isByRecords)
      return { interval: 'minutes', points: toPoints(records.data.records, view.by) };
    if (isHour && records.data === undefined && records.error === null) return undefined;
    return series.data && { interval: series.data.interval, points: series.data.points };
  }, [isByRecords, isHour, records.data, records.error, series.data, view.by]);
  return { data, error: series.error ?? records.error, refetch: series.refetch };
}

function toPoints(records: readonly RecordJson[], by: Grouping): Point[] {
  const last = Math.floor(Date.now() / STEP_MS) * STEP_MS;
  const starts = Array.from({ length: STEPS }, (_, index) => last - (STEPS - 1 - index) * STEP_MS);
  return starts.map((startMs) => {
    const within = records.filter(
      ({ occurredAtMs }) => occurredAtMs >= startMs && occurredAtMs < startMs + STEP_MS,
    );
    const start = new Date(startMs).toISOString();
    const groups = within.map((record) => ({
      ...sumRecords([record]),
      key: { [by]: toText(record[GROUPING_LABELS[by].recordField]) },
    }));
    return { start, label: start, ...sumRecords(within), groups };
  });
}

function toText(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function sumRecords(records: readonly RecordJson[]): Omit<Group, 'key'> {
  const sum = (name: string): number =>
    records.reduce((all, record) => all + Number(record[name as keyof RecordJson] ?? 0), 0);
  const costNanoUsd = sum('costNanoUsd');
  return {
    requests: records.length,
    inputTokens: sum('inputTokens'),
    outputTokens: sum('outputTokens'),
    cacheReadTokens: sum('cacheReadTokens'),
    cacheWrite5mTokens: sum('cacheWrite5mTokens'),
    cacheWrite1hTokens: sum('cacheWrite1hTokens'),
    webSearchRequests: sum('webSearchRequests'),
    costNanoUsd,
    costUsd: costNanoUsd / 1e9,
    estimatedCostNanoUsd: 0,
    unpricedRequests: 0,
    incompleteRequests: 0,
  };
}
