import * as z from 'zod';
import { canonicalModel } from '../../core/model/model-name.ts';
import { parseDuration, parseMoment, zoneOffset } from '../../core/time/period.ts';
import {
  DIMENSIONS,
  type Dimension,
  isDimension,
  isTimeDimension,
  isAttributed,
} from '../../reports/dimensions.ts';
import { CAUSE_DIMENSIONS } from '../../reports/shares/dimensions.ts';
import { recordDimensionsOf } from '../../reports/dimensions.ts';
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

/** The filters that routes over records take. */
export const filterParameters = {
  sessionId: text.optional(),
  agentId: text.optional().describe('One subagent'),
  agentType: text.optional().describe('One type of subagent'),
  model: text.optional().describe('Any name of it'),
  project: text.optional().describe("The project's folder or its name"),
  tool: text.optional().describe('Requests whose first tool call was this'),
  branch: text.optional().describe('One git branch'),
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
  const given: [keyof FilterQuery, string | undefined][] = [
    ['sessionId', query.sessionId],
    ['agentId', query.agentId],
    ['agentType', query.agentType],
    ['model', query.model === undefined ? undefined : canonicalModel(query.model)],
    ['project', await projectRoot(query.project, db)],
    ['tool', query.tool],
    ['branch', query.branch],
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
    ...factsOf({ ...query, model: filters.model, project: filters.project }),
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
  return isRolledUp(factsOf(query), recordDimensionsOf(by), by.some(isTimeDimension));
}

/** What is asked of the requests themselves, whenever they were made. */
function factsOf(query: FilterQuery): RecordFilter {
  return {
    ...NO_FILTER,
    agent: query.agentId ?? null,
    agentType: query.agentType ?? null,
    model: query.model ?? null,
    projectRoot: query.project ?? null,
    tool: query.tool ?? null,
    branch: query.branch ?? null,
  };
}
