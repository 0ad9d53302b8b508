import { FACT_FILTERS, FACT_NAMES } from '../../query/filters.ts';
import type { RecordDimension } from '../records/dimensions.ts';
import { IN_LIST, type RecordFilter } from '../records/filter.ts';
import { ROLLUP_DIMENSIONS } from './writer.ts';

/** How to answer a query from roll-ups, except for its time range. */
export interface RollupPlan {
  /** The FROM clause. */
  from: string;
  /** The condition on the dimension comes first. */
  conditions: string[];
  values: string[];
  /** An expression for each requested key. */
  keys: string[];
  /** The smallest bucket that is available. */
  finest: 'quarter' | 'day';
  /** The key contains several facts. */
  isComposite: boolean;
}

/** A filter on one dimension; a list is JSON. */
interface Wanted {
  dimension: RecordDimension;
  value: string;
  isList: boolean;
}

/** The filters that roll-ups can apply. */
const FILTERED = new Map<string, RecordDimension>(
  FACT_NAMES.flatMap((name) => {
    const { rollup } = FACT_FILTERS[name];
    return rollup === null ? [] : [[name, rollup]];
  }),
);

const PROJECT_ID = `(SELECT CAST(id AS TEXT) FROM projects WHERE root = ?)`;

/** Positions in the composite key. */
const COMPOSITE = ['project', 'model', 'agent-type'];

/**
 * Whether a query can be answered from roll-ups.
 * @param isByTime grouped by local days too, which the composite, with UTC days only, can't do
 */
export function isRolledUp(
  filter: RecordFilter,
  by: readonly RecordDimension[],
  isByTime: boolean,
): boolean {
  const plan = planRollup(filter, by);
  return plan !== null && (plan.finest === 'quarter' || !isByTime);
}

/** @returns null if roll-ups can't answer the query */
export function planRollup(
  filter: RecordFilter,
  by: readonly RecordDimension[],
): RollupPlan | null {
  const { sinceMs: _since, untilMs: _until, ...facts } = filter;
  const wanted: Wanted[] = [];
  for (const [name, value] of Object.entries(facts)) {
    if (value === null) continue;
    const dimension = FILTERED.get(name);
    // Roll-ups store a missing value as the empty string.
    if (dimension === undefined || value === '') return null;
    const isList = typeof value === 'object';
    wanted.push({ dimension, value: isList ? JSON.stringify(value) : value, isList });
  }
  const used = new Set([...by, ...wanted.map(({ dimension }) => dimension)]);
  if (used.size <= 1) return single([...used][0] ?? 'all', wanted, by);
  return [...used].every((name) => COMPOSITE.includes(name)) ? composite(wanted, by) : null;
}

function single(
  dimension: RecordDimension | 'all',
  wanted: Wanted[],
  by: readonly RecordDimension[],
): RollupPlan | null {
  if (!(dimension in ROLLUP_DIMENSIONS)) return null;
  const isProject = dimension === 'project';
  const isJoined = isProject && by.length > 0;
  return {
    from: isJoined ? 'rollups LEFT JOIN projects p ON p.id = CAST(key AS INTEGER)' : 'rollups',
    conditions: [
      `dimension = '${dimension}'`,
      ...wanted.map(
        ({ isList }) => `key ${isProject ? `= ${PROJECT_ID}` : isList ? IN_LIST : '= ?'}`,
      ),
    ],
    values: wanted.map(({ value }) => value),
    keys: by.map(() => (isProject ? 'p.root' : `nullif(key, '')`)),
    finest: 'quarter',
    isComposite: false,
  };
}

function composite(wanted: Wanted[], by: readonly RecordDimension[]): RollupPlan {
  const place = (name: RecordDimension): string =>
    `json_extract(key, '$[${COMPOSITE.indexOf(name)}]')`;
  const isJoined = by.includes('project');
  return {
    from: isJoined ? `rollups LEFT JOIN projects p ON p.id = ${place('project')}` : 'rollups',
    conditions: [
      `dimension = 'project-model-agent'`,
      ...wanted.map(({ dimension, isList }) =>
        dimension === 'project'
          ? `${place(dimension)} = CAST(${PROJECT_ID} AS INTEGER)`
          : `${place(dimension)} ${isList ? IN_LIST : '= ?'}`,
      ),
    ],
    values: wanted.map(({ value }) => value),
    keys: by.map((name) => (name === 'project' ? 'p.root' : `nullif(${place(name)}, '')`)),
    finest: 'day',
    isComposite: true,
  };
}
