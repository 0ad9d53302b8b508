import { FACT_FILTERS, type Facts, mapFacts } from '../../query/filters.ts';

/** The records that a report covers; null means all. */
export interface RecordFilter extends Omit<Facts, 'model'> {
  /** Several: any of them. */
  model: string | readonly string[] | null;
  sessionId: string | null;
  /** Inclusive. */
  sinceMs: number | null;
  /** Exclusive. */
  untilMs: number | null;
}

const NO_FACTS: Facts = mapFacts(
  (name) => name,
  () => null,
);

export const NO_FILTER: RecordFilter = {
  ...NO_FACTS,
  sessionId: null,
  sinceMs: null,
  untilMs: null,
};

const CONDITIONS: Record<keyof RecordFilter, string> = {
  ...mapFacts(
    (name) => name,
    (name) => `${FACT_FILTERS[name].column} = ?`,
  ),
  sessionId: 'r.session_id = ?',
  sinceMs: 'r.occurred_at_ms >= ?',
  untilMs: 'r.occurred_at_ms < ?',
};

type FilterValue = string | number | readonly string[];

/** A condition for a list of values, which is passed as JSON. */
export const IN_LIST = 'IN (SELECT value FROM json_each(?))';

/**
 * The filter as conditions over `cost_records r` and `projects p`, to be joined by AND, and their
 * values.
 */
export function buildConditions(filter: RecordFilter): {
  conditions: string[];
  values: (string | number)[];
} {
  const set = (Object.entries(filter) as [keyof RecordFilter, FilterValue | null][]).filter(
    (entry): entry is [keyof RecordFilter, FilterValue] => entry[1] !== null,
  );
  return {
    conditions: set.map(([name, value]) =>
      typeof value === 'object' ? CONDITIONS[name].replace('= ?', IN_LIST) : CONDITIONS[name],
    ),
    values: set.map(([, value]) => (typeof value === 'object' ? JSON.stringify(value) : value)),
  };
}

/** The same as a complete clause; the empty string if nothing is filtered. */
export function buildWhere(filter: RecordFilter): { where: string; values: (string | number)[] } {
  const { conditions, values } = buildConditions(filter);
  return { where: conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : '', values };
}
