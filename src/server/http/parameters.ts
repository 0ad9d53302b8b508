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
import { resolveProject } from '../../sources/machine/project.ts';
import { KnownValues } from '../../store/records/known-values.ts';
import { ProjectReader } from '../../store/sessions/projects.ts';
import type { Ledger } from '../../store/connection/open.ts';
import { NO_FILTER, type RecordFilter } from '../../store/reader.ts';
import { isRolledUp } from '../../store/rollups/plan.ts';
import type { Zone } from '../workers/context.ts';
import { Problem } from './problem.ts';

const UTC = (): number => 0;

const text = z.string().min(1).max(1000);
const moment = text.refine((value) => parseMoment(value, 'start', UTC) !== null, {
  error: 'is not a date or a time: use YYYY-MM-DD or 2026-11-21T09:30:00Z',
});

const timezone = text
  .refine((name) => zoneOffset(name) !== null, {
    error: 'is not a time zone: use an IANA name such as Europe/Berlin',
  })
  .optional()
  .describe("IANA name of the time zone for days and local times; default: the user's");

/** One parameter for each fact of a request that can be filtered by. */
export const factParameters = mapFacts(
  (name): FactParameter => FACT_FILTERS[name].parameter,
  (name) => {
    const { describe, parameterDescribe }: FactFilter = FACT_FILTERS[name];
    return text.optional().describe(parameterDescribe ?? describe);
  },
);

/** The filters of all routes over records. */
export const filterParameters = {
  sessionId: text.optional(),
  ...factParameters,
  dateFrom: moment.optional().describe('First day (YYYY-MM-DD) or moment to include'),
  dateTo: moment.optional().describe('Last day to include, or the moment before which to stop'),
  timezone,
};

export type FilterQuery = { [Name in keyof typeof filterParameters]?: string | undefined };

const RANGES = ['1h', '24h', '7d', '30d', 'all'] as const;

export const rangeParameter = z
  .enum(RANGES)
  .default('all')
  .describe('The period up to now; not together with dateFrom and dateTo');

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
  .describe('At most this many groups; the rest are summed in a last one');

/** Comma-separated dimensions. */
export const groupByParameter = z
  .string()
  .max(200)
  .optional()
  .transform((value, context): Dimension[] => {
    const names = (value ?? '').split(',').map((name) => name.trim());
    const unknown = names.find((name) => name !== '' && !isDimension(name));
    if (unknown !== undefined) {
      const message = `${unknown} is not a dimension; use ${DIMENSIONS.join(', ')}`;
      context.addIssue({ code: 'custom', message });
      return z.NEVER;
    }
    return [...new Set(names.filter(isDimension))];
  })
  .describe(`Comma-separated dimensions: ${DIMENSIONS.join(', ')}`);

/** Dimensions of whole requests. The dimensions of shares are served by /api/costs/shares. */
export const requestGroupByParameter = groupByParameter
  .refine((by) => !isAttributed(by, false), {
    message: `${CAUSE_DIMENSIONS.join(', ')} group shares of requests: use /api/costs/shares`,
  })
  .describe(
    `Comma-separated dimensions: ${DIMENSIONS.filter((name) => !isAttributed([name], false)).join(', ')}`,
  );

/** Turns the range and the filters of a query into a filter of the ledger. @throws Problem */
export async function parseFilterParameters(
  query: FilterQuery & { range?: (typeof RANGES)[number] },
  db: Ledger,
  zone: Zone,
  nowMs: number,
): Promise<{ filter: RecordFilter; filters: Record<string, string> }> {
  const { range = 'all', dateFrom, dateTo } = query;
  if (range !== 'all' && (dateFrom !== undefined || dateTo !== undefined)) {
    throw new Problem(400, 'bad_parameter', 'use either range, or dateFrom and dateTo', 'range');
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
    model: facts.model === null ? null : findModels(facts.model, db),
    sessionId: query.sessionId ?? null,
    sinceMs: duration === null ? at(dateFrom, 'start') : nowMs - duration,
    untilMs: at(dateTo, 'end'),
  };
  return { filter, filters: range === 'all' ? filters : { ...filters, range } };
}

/** The models of a family, or the model; an unknown one gives an empty answer, as with every filter. */
function findModels(text: string, db: Ledger): string | readonly string[] {
  const models = new KnownValues(db).modelsMeant(text);
  return models.length > 1 ? models : (models[0] ?? text);
}

/** The root folder of a project given by its name or by a path in it. @throws Problem if several projects have the name */
export async function projectRoot(
  text: string | undefined,
  db: Ledger,
): Promise<string | undefined> {
  if (text === undefined) return text;
  const projects = new ProjectReader(db);
  if (/[/\\]/.test(text)) return projects.currentRoot(resolveProject(text).root);
  const roots = await projects.rootsNamed(text);
  if (roots.length <= 1) return roots[0] ?? text;
  const examples = roots.slice(0, 2).join(' or ');
  throw new Problem(
    400,
    'ambiguous',
    `several projects are named ${text}: use the path, ${examples}`,
    'project',
  );
}

/** Whether roll-ups can answer the query, so that it takes milliseconds whatever the size of the ledger. */
export function isQuick(query: FilterQuery, by: readonly Dimension[]): boolean {
  // The rows of one session are found by an index.
  if (query.sessionId !== undefined) return true;
  return isRolledUp(
    { ...NO_FILTER, ...pickFacts(query) },
    listRecordDimensions(by),
    by.some(isTimeDimension),
  );
}

/** The filters on facts of requests, without those on session and time. */
export function pickFacts(query: Partial<Record<FactParameter, string | undefined>>): Facts {
  return readFacts((name) => query[FACT_FILTERS[name].parameter]);
}
