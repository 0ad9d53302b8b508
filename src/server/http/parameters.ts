import {
  FACT_FILTERS,
  FACT_NAMES,
  type FactFilter,
  type FactParameter,
  type Facts,
  mapFacts,
  readFacts,
} from '../../query/filters.ts';
import * as z from 'zod';
import { parseDuration, parseMoment, zoneOffset } from '../../core/time/period.ts';
import {
  DIMENSIONS,
  type Dimension,
  isDimension,
  isTimeDimension,
  isAttributed,
} from '../../reports/dimensions.ts';
import { CAUSE_DIMENSIONS } from '../../reports/shares/dimensions.ts';
import { listRecordDimensions } from '../../reports/dimensions.ts';
import { ProjectReader } from '../../store/sessions/projects.ts';
import type { Ledger } from '../../store/connection/open.ts';
import { NO_FILTER, type RecordFilter } from '../../store/reader.ts';
import { isRolledUp } from '../../store/rollups/plan.ts';
import type { Zone } from '../workers/context.ts';
import { Problem } from './problem.ts';

const UTC = (): number => 0;

const text = z.string().min(1).max(1000);
const moment = text.refine((value) => parseMoment(value, 'start', UTC) !== null, {
  error: 'is no day and no time: 2026-11-21 or 2026-11-21T09:30:00Z',
});

const timezone = text
  .refine((name) => zoneOffset(name) !== null, { error: 'is no time zone: UTC, Europe/Berlin' })
  .optional()
  .describe("IANA name, for days and local times; the user's without it");

/** The facts of requests as parameters. */
export const factParameters = mapFacts(
  (name): FactParameter => FACT_FILTERS[name].parameter,
  (name) => {
    const { describe, parameterDescribe }: FactFilter = FACT_FILTERS[name];
    return text.optional().describe(parameterDescribe ?? describe);
  },
);

/** The filters that routes over records take. */
export const filterParameters = {
  sessionId: text.optional(),
  ...factParameters,
  dateFrom: moment.optional().describe('First day, or moment, that counts'),
  dateTo: moment.optional().describe('Last day that counts, as a whole; of a moment, up to it'),
  timezone,
};

export type FilterQuery = { [Name in keyof typeof filterParameters]?: string | undefined };

const RANGES = ['1h', '24h', '7d', '30d', 'all'] as const;

export const rangeParameter = z
  .enum(RANGES)
  .default('all')
  .describe('The time up to now; not beside dateFrom and dateTo');

export const pageParameters = {
  page: z.coerce.number().int().min(1).max(1_000_000_000).default(1),
  pageSize: z.coerce.number().int().min(1).max(500).default(50),
};

export const limitParameter = z.coerce
  .number()
  .int()
  .min(1)
  .max(10_000)
  .default(1000)
  .describe('Most groups; the rest is added up in a last one');

/** Comma-separated dimensions. */
export const groupByParameter = z
  .string()
  .max(200)
  .optional()
  .transform((value, context): Dimension[] => {
    const names = (value ?? '').split(',').map((name) => name.trim());
    const unknown = names.find((name) => name !== '' && !isDimension(name));
    if (unknown !== undefined) {
      const message = `${unknown} is no dimension; there are ${DIMENSIONS.join(', ')}`;
      context.addIssue({ code: 'custom', message });
      return z.NEVER;
    }
    return [...new Set(names.filter(isDimension))];
  })
  .describe(`Comma-separated, of ${DIMENSIONS.join(', ')}`);

/** Of requests: what only shares of their cost can be grouped by has an address of its own. */
export const requestGroupByParameter = groupByParameter
  .refine((by) => !isAttributed(by, false), {
    message: `${CAUSE_DIMENSIONS.join(', ')} group shares: ask /api/costs/shares`,
  })
  .describe(
    `Comma-separated, of ${DIMENSIONS.filter((name) => !isAttributed([name], false)).join(', ')}`,
  );

/** The range and the filters of a query, as the ledger is asked. @throws Problem */
export async function parseFilterParameters(
  query: FilterQuery & { range?: (typeof RANGES)[number] },
  db: Ledger,
  zone: Zone,
  nowMs: number,
): Promise<{ filter: RecordFilter; filters: Record<string, string> }> {
  const { range = 'all', dateFrom, dateTo } = query;
  if (range !== 'all' && (dateFrom !== undefined || dateTo !== undefined)) {
    throw new Problem(400, 'bad_parameter', 'either range, or dateFrom and dateTo', 'range');
  }
  const duration = range === 'all' ? null : parseDuration(range);
  const facts = pickFacts({ ...query, project: await projectRoot(query.project, db) });
  const given: [keyof FilterQuery, string | undefined][] = [
    ['sessionId', query.sessionId],
    ...FACT_NAMES.map((name): [keyof FilterQuery, string | undefined] => [
      FACT_FILTERS[name].parameter,
      facts[name] ?? undefined,
    ]),
    ['dateFrom', dateFrom],
    ['dateTo', dateTo],
  ];
  const filters = Object.fromEntries(given.filter(([, value]) => value !== undefined)) as Record<
    keyof FilterQuery,
    string
  >;
  const at = (value: string | undefined, edge: 'start' | 'end'): number | null =>
    value === undefined ? null : parseMoment(value, edge, zone.offset);
  const filter: RecordFilter = {
    ...NO_FILTER,
    ...facts,
    sessionId: query.sessionId ?? null,
    sinceMs: duration === null ? at(dateFrom, 'start') : nowMs - duration,
    untilMs: at(dateTo, 'end'),
  };
  return { filter, filters: range === 'all' ? filters : { ...filters, range } };
}

/** @throws Problem for a name that several projects have */
export async function projectRoot(
  text: string | undefined,
  db: Ledger,
): Promise<string | undefined> {
  if (text === undefined || /[/\\]/.test(text)) return text;
  const roots = await new ProjectReader(db).rootsNamed(text);
  if (roots.length <= 1) return roots[0] ?? text;
  const some = roots.slice(0, 2).join(' or ');
  throw new Problem(400, 'ambiguous', `several projects are named ${text}: ${some}`, 'project');
}

/** Whether roll-ups can tell, so that the answer takes milliseconds whatever the ledger's size. */
export function isQuick(query: FilterQuery, by: readonly Dimension[]): boolean {
  // One session's rows are found by their index.
  if (query.sessionId !== undefined) return true;
  return isRolledUp(
    { ...NO_FILTER, ...pickFacts(query) },
    listRecordDimensions(by),
    by.some(isTimeDimension),
  );
}

/** What is asked of the requests themselves, whenever they were made. */
export function pickFacts(query: Partial<Record<FactParameter, string | undefined>>): Facts {
  return readFacts((name) => query[FACT_FILTERS[name].parameter]);
}
