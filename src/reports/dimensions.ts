import { type TimeUnit, type ZoneOffset, timeLabel } from '../core/time/period.ts';
import { ATTRIBUTABLE, CAUSE_DIMENSIONS, type CauseDimension } from './shares/dimensions.ts';
import { RECORD_DIMENSIONS, type RecordDimension } from '../store/records/dimensions.ts';

export type { RecordDimension } from '../store/records/dimensions.ts';

/** What a report can be grouped by: a fact of the records, a local time, or what follows from them. */
export const TIME_DIMENSIONS = ['hour', 'day', 'week', 'month'] as const;
/** A team's database fills them in; to the ledger of one machine they are unknown. */
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

/** Whether a grouping is one of shares: of a request's cost each cause has its part. */
export function isAttributed(by: readonly Dimension[], isAsked: boolean): boolean {
  const has = (names: readonly string[]): boolean => by.some((name) => names.includes(name));
  return has(CAUSE_DIMENSIONS) || (isAsked && has(ATTRIBUTABLE));
}

/** In a report of shares: what a share tells, not its request. */
export function isShareDimension(name: Dimension): boolean {
  return [...CAUSE_DIMENSIONS, ...ATTRIBUTABLE].includes(name as CauseDimension);
}

function isRecordDimension(name: Dimension): name is RecordDimension {
  return (RECORD_DIMENSIONS as readonly string[]).includes(name);
}

/** What the ledger has to be asked for, so that `groupKey` knows all keys. */
export function listRecordDimensions(by: readonly Dimension[]): RecordDimension[] {
  const names = by.map((name) => (name === 'ticket' ? 'branch' : name));
  return [...new Set(names.filter(isRecordDimension))];
}

/** How keys are computed that no column holds. */
export interface KeyRules {
  offset: ZoneOffset;
  ticketOf: (branch: string | null) => string | null;
}

/** Keys of one row: those of the ledger, and what follows from them and its quarter of an hour. */
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
