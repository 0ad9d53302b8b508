import { clientTitle } from '../core/client/names.ts';
import { printable } from '../core/lang/printable.ts';
import { lastFolder, shortModelName } from './format.ts';
import type { Group, Totals } from './api/types.ts';
import { FILTERS, FILTER_LABELS, type FilterName } from './state/filter-labels.ts';
import { GROUPING_LABELS, type Grouping } from './state/grouping-labels.ts';
import type { Measure } from './state/view.ts';

/** The filter that selects a group of a dimension. */
export const FILTER_OF: Partial<Record<Grouping, FilterName>> = Object.fromEntries(
  FILTERS.map((name) => [FILTER_LABELS[name].by, name]),
);

export const OTHER = 'other';

/** The label of a group. @param value null: the requests of the group have no such fact */
export function formatLabel(by: Grouping, value: string | null): string {
  if (value === null || value === '') return GROUPING_LABELS[by].none;
  if (by === 'project') return lastFolder(value);
  if (by === 'client') return printable(clientTitle(value));
  return by === 'model' ? shortModelName(value) : printable(value);
}

/** @returns undefined for the group that sums what a limit left out */
export function getGroupValue(group: Pick<Group, 'key'>, by: Grouping): string | null | undefined {
  if (group.key['other'] === true) return undefined;
  const value = group.key[by];
  return typeof value === 'string' ? value : null;
}

export function inputTokens(totals: Totals): number {
  return (
    Number(totals.inputTokens) +
    Number(totals.cacheReadTokens) +
    Number(totals.cacheWrite5mTokens) +
    Number(totals.cacheWrite1hTokens)
  );
}

export function measured(totals: Totals, measure: Measure): number {
  if (measure === 'cost') return totals.costUsd;
  if (measure === 'requests') return Number(totals.requests);
  return inputTokens(totals) + Number(totals.outputTokens);
}

export const MEASURE_NAMES: Record<Measure, string> = {
  cost: 'Cost',
  tokens: 'Tokens',
  requests: 'Requests',
};
