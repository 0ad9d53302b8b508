import { GROUPINGS, type Grouping } from './grouping-labels.ts';
import { FILTERS, type FilterName } from './filter-labels.ts';
// The state of the view, which is stored in the URL, so that a link shows others the same view.

export const PAGES = ['overview', 'budgets', 'alerts', 'coverage', 'prices'] as const;
export type PageName = (typeof PAGES)[number] | 'session';

export const PAGE_TITLES: Record<PageName, string> = {
  overview: 'Overview',
  session: 'Session',
  budgets: 'Budgets',
  alerts: 'Alerts',
  coverage: 'Coverage',
  prices: 'Prices',
};

/** Pages that show a period. */
export const TIMED_PAGES: readonly PageName[] = ['overview', 'coverage'];

export const RANGES = ['1h', '24h', '7d', '30d', 'all', 'custom'] as const;
export type Range = (typeof RANGES)[number];

export const CHART_MEASURES = ['cost', 'tokens', 'requests'] as const;
export type Measure = (typeof CHART_MEASURES)[number];

export const SORTS = ['session', 'agent', 'model', 'input', 'output', 'cost', 'time'] as const;
export type Sort = (typeof SORTS)[number];

export interface View {
  page: PageName;
  /** Only for the page `session`. */
  sessionId: string;
  range: Range;
  /** Days (YYYY-MM-DD), only for the range `custom`. */
  from: string;
  to: string;
  /** The grouping of spend over time. */
  by: Grouping;
  measure: Measure;
  filters: Partial<Record<FilterName, string>>;
  sort: Sort;
  order: 'asc' | 'desc';
  /** The page of the session table, from 1. */
  at: number;
  /** The id of the session whose row is expanded. */
  open: string;
  /** Whether tables are shown instead of charts. */
  isTable: boolean;
  isLive: boolean;
  isRefreshing: boolean;
}

export const DEFAULT_VIEW: View = {
  page: 'overview',
  sessionId: '',
  range: '24h',
  from: '',
  to: '',
  by: 'agent-type',
  measure: 'cost',
  filters: {},
  sort: 'time',
  order: 'desc',
  at: 1,
  open: '',
  isTable: false,
  isLive: true,
  isRefreshing: true,
};

export function parseView(pathname: string, search: string): View {
  const given = new URLSearchParams(search);
  const [, first = '', second = ''] = pathname.split('/');
  const page = first === 'session' ? 'session' : pickOneOf(PAGES, first, 'overview');
  const filters: View['filters'] = {};
  for (const name of FILTERS) {
    const value = given.get(name);
    if (value !== null && value !== '') filters[name] = value;
  }
  const at = Number(given.get('page') ?? 1);
  return {
    page,
    sessionId: page === 'session' ? decoded(second) : '',
    range: pickOneOf(RANGES, given.get('range'), DEFAULT_VIEW.range),
    from: parseDay(given.get('from')),
    to: parseDay(given.get('to')),
    by: pickOneOf(GROUPINGS, given.get('by'), DEFAULT_VIEW.by),
    measure: pickOneOf(CHART_MEASURES, given.get('measure'), DEFAULT_VIEW.measure),
    filters,
    sort: pickOneOf(SORTS, given.get('sort'), DEFAULT_VIEW.sort),
    order: pickOneOf(['asc', 'desc'] as const, given.get('order'), DEFAULT_VIEW.order),
    at: Number.isInteger(at) && at > 0 ? at : 1,
    open: given.get('open') ?? '',
    isTable: given.get('table') === '1',
    isLive: given.get('live') !== '0',
    isRefreshing: given.get('refresh') !== '0',
  };
}

/** The address of a view; default values are omitted. */
export function formatAddress(view: View): string {
  const { page, sessionId } = view;
  const path =
    page === 'session'
      ? `/session/${encodeURIComponent(sessionId)}`
      : page === 'overview'
        ? '/'
        : `/${page}`;
  const parameters = new URLSearchParams();
  const set = (name: string, value: string, usual: string): void => {
    if (value !== usual) parameters.set(name, value);
  };
  set('range', view.range, DEFAULT_VIEW.range);
  if (view.range === 'custom') {
    set('from', view.from, '');
    set('to', view.to, '');
  }
  set('by', view.by, DEFAULT_VIEW.by);
  set('measure', view.measure, DEFAULT_VIEW.measure);
  for (const name of FILTERS) set(name, view.filters[name] ?? '', '');
  set('sort', view.sort, DEFAULT_VIEW.sort);
  set('order', view.order, DEFAULT_VIEW.order);
  set('page', String(view.at), '1');
  set('open', view.open, '');
  set('table', view.isTable ? '1' : '', '');
  set('live', view.isLive ? '1' : '0', '1');
  set('refresh', view.isRefreshing ? '1' : '0', '1');
  const text = parameters.toString();
  return text === '' ? path : `${path}?${text}`;
}

function pickOneOf<Name extends string>(
  names: readonly Name[],
  given: string | null,
  usual: Name,
): Name {
  return names.find((name) => name === given) ?? usual;
}

function parseDay(text: string | null): string {
  return text !== null && /^\d{4}-\d\d-\d\d$/.test(text) ? text : '';
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
