import type { View } from '../state/view.ts';
import type { Query } from './client.ts';

/** The period and the filters of a view as parameters of the API. */
export function filterQuery(view: View): Query {
  return { ...timeQuery(view), ...view.filters };
}

export function timeQuery({ range, from, to }: View): Query {
  if (range !== 'custom') return { range };
  return from === '' && to === '' ? {} : { dateFrom: from, dateTo: to };
}
