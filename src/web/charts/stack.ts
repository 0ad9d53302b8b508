import { OTHER, formatLabel, measured, getGroupValue } from '../dimensions.ts';
import type { Point, Totals } from '../api/types.ts';
import { GROUPING_LABELS, type Grouping } from '../state/grouping-labels.ts';
import type { Measure } from '../state/view.ts';
import { MAX_SERIES, seriesColour } from './palette.ts';

export interface Series {
  /** The field with its values in each row. */
  key: string;
  name: string;
  /** The value of the filter that shows only this group; undefined: there is no such filter. */
  value: string | null | undefined;
  colour: string;
  total: number;
}

export interface StackRow {
  start: string;
  label: string;
  total: number;
  [key: string]: number | string;
}

export interface Stack {
  series: Series[];
  rows: StackRow[];
  by: string;
}

/** Points as stacked series: one for each of the largest groups, and one for the sum of the others. */
export function buildStack(points: readonly Point[], by: Grouping, measure: Measure): Stack {
  const sums = new Map<string, { value: string | null; total: number }>();
  const toSeriesId = (value: string | null | undefined): string =>
    value === undefined ? OTHER : `=${value}`;
  const listParts = (point: Point): [string, string | null | undefined, Totals][] =>
    (point.groups ?? []).map((group) => {
      const value = getGroupValue(group, by);
      return [toSeriesId(value), value, group];
    });
  for (const point of points) {
    for (const [id, value, totals] of listParts(point)) {
      const sum = sums.get(id) ?? { value: value ?? null, total: 0 };
      sum.total += measured(totals, measure);
      sums.set(id, sum);
    }
  }
  const sorted = [...sums].filter(([id]) => id !== OTHER).sort(([, a], [, b]) => b.total - a.total);
  const own = sorted.length > MAX_SERIES + 1 ? sorted.slice(0, MAX_SERIES) : sorted;
  const keys = new Map(own.map(([id], index) => [id, `s${index}`]));
  const series: Series[] = own.map(([, { value, total }], index) => ({
    key: `s${index}`,
    name: formatLabel(by, value),
    value,
    colour: seriesColour(index),
    total,
  }));
  const rest = [...sums].filter(([id]) => !keys.has(id));
  if (rest.length > 0) {
    const total = rest.reduce((sum, [, one]) => sum + one.total, 0);
    series.push({
      key: 'rest',
      name: `${rest.length} others`,
      value: undefined,
      colour: seriesColour(MAX_SERIES),
      total,
    });
  }
  const rows = points.map((point) => {
    const row: StackRow = {
      start: point.start,
      label: point.label,
      total: measured(point, measure),
    };
    for (const [id, , totals] of listParts(point)) {
      const key = keys.get(id) ?? 'rest';
      row[key] = Number(row[key] ?? 0) + measured(totals, measure);
    }
    return row;
  });
  return { series, rows, by: GROUPING_LABELS[by].name };
}
