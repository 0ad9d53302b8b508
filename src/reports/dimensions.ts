import { type TimeUnit, type ZoneOffset, timeLabel } from '../core/time/period.ts';
import { ATTRIBUTABLE, CAUSE_DIMENSIONS, type CauseDimension } from './shares/dimensions.ts';
import { RECORD_DIMENSIONS, type RecordDimension } from '../store/records/dimensions.ts';

export type { RecordDimension } from '../store/records/dimensions.ts';

/** What a report can be grouped by: a column of the records, a local time, or a value derived from them. */
export const TIME_DIMENSIONS = ['hour', 'day', 'week', 'month'] as const;
/** Only a team's database contains these; in the ledger of one machine they are unknown. */
const TEAM_DIMENSIONS = ['user', 'machine', 'team'] as const;

export type Dimension =
  | RecordDimension
  | CauseDimension
  | TimeUnit
  | 'ticket'
  | (typeof TEAM_DIMENSIONS)[number];

export const DIMENSIONS: readonly Dimension[] = [
  ...RECORD_DIMENSIONS,
  ...CAUSE_DIMENSIONS,
  'ticket',
  ...TIME_DIMENSIONS,
  ...TEAM_DIMENSIONS,
];

export function isDimension(name: string): name is Dimension {
  return (DIMENSIONS as readonly string[]).includes(name);
}

export function isTimeDimension(name: Dimension): name is TimeUnit {
  return (TIME_DIMENSIONS as readonly string[]).includes(name);
}

/** Whether a grouping divides the cost of each request among its causes. */
export function isAttributed(by: readonly Dimension[], isRequested: boolean): boolean {
  const has = (names: readonly string[]): boolean => by.some((name) => names.includes(name));
  return has(CAUSE_DIMENSIONS) || (isRequested && has(ATTRIBUTABLE));
}

/** Groupings that a report of shares takes from the share rather than from its request. */
export function isShareDimension(name: Dimension): boolean {
  return [...CAUSE_DIMENSIONS, ...ATTRIBUTABLE].includes(name as CauseDimension);
}

function isRecordDimension(name: Dimension): name is RecordDimension {
  return (RECORD_DIMENSIONS as readonly string[]).includes(name);
}

/** The columns to request from the ledger so that `groupKey` can compute all keys. */
export function listRecordDimensions(by: readonly Dimension[]): RecordDimension[] {
  const names = by.map((name) => (name === 'ticket' ? 'branch' : name));
  return [...new Set(names.filter(isRecordDimension))];
}

/** How to compute keys that no column contains. */
export interface KeyRules {
  offset: ZoneOffset;
  ticketOf: (branch: string | null) => string | null;
}

/** The keys of one row: its columns, and what is derived from them and its quarter of an hour. */
export function formatGroupKey(
  by: readonly Dimension[],
  keys: Partial<Record<RecordDimension, string | null>>,
  quarterMs: number | null,
  { offset, ticketOf }: KeyRules,
): Record<string, string | null> {
  const key: Record<string, string | null> = {};
  for (const name of by) {
    if (isRecordDimension(name)) key[name] = keys[name] ?? null;
    else if (name === 'ticket') key[name] = ticketOf(keys.branch ?? null);
    else if (!isTimeDimension(name) || quarterMs === null) key[name] = null;
    else key[name] = timeLabel(name, quarterMs, offset);
  }
  return key;
}
