import type { View } from '../state/view.ts';
import type { Query } from './client.ts';

/** The time and the filters of a view, as the API takes them. */
export function filterQuery(view: View): Query {
  return { ...timeQuery(view), ...view.filters };
}

export function timeQuery({ range, from, to }: View): Query {
  if (range !== 'custom') return { range };
  return from === '' && to === '' ? {} : { dateFrom: from, dateTo: to };
}
