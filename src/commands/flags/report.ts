import { UserError } from '../../core/lang/user-error.ts';
import type { Dimension } from '../../reports/dimensions.ts';
import type { SummaryRequest } from '../../reports/summary.ts';
import { LedgerReader } from '../../store/reader.ts';
import { ProjectReader } from '../../store/sessions/projects.ts';
import type { Ledger } from '../../store/connection/open.ts';
import { type CcusageFlags, ccusageFlags, rejectUnsupportedFlags } from './ccusage-compat.ts';
import { type LedgerFlags, ledgerFlags, openReader } from '../session/ledger.ts';
import { currentSettings } from '../session/settings.ts';
import {
  type FilterFlags,
  parseDimensions,
  filterFlags,
  parseFilterFlags,
  parseZone,
} from './filters.ts';
import type { FlagValues } from '../define.ts';
import { lastValue } from './last-value.ts';
import { outputFlags } from './format.ts';

export const orderFlags = {
  order: {
    type: 'string',
    alias: 'o',
    choices: ['asc', 'desc'] as const,
    describe: 'Order of the rows',
  },
  limit: {
    type: 'number',
    coerce: lastValue<number>,
    describe: 'Show so many rows; the rest is added up',
    requiresArg: true,
  },
} as const;

type OrderFlags = FlagValues<typeof orderFlags>;

export const attributedFlag = {
  attributed: {
    type: 'boolean',
    default: false,
    describe: 'Tools, MCP servers and skills by what they caused, not by the first call',
  },
} as const;

export const reportFlags = {
  by: {
    type: 'string',
    array: true,
    describe: 'Group by one or more, as in --by model,day',
    requiresArg: true,
  },
  breakdown: {
    type: 'boolean',
    alias: 'b',
    default: false,
    describe: 'The models of each group below it',
  },
  ...attributedFlag,
  ...orderFlags,
  compact: {
    type: 'boolean',
    describe: 'Fewer columns; by itself below 100 (--no-compact: never)',
  },
  ...outputFlags,
  ...filterFlags,
  ...ledgerFlags,
  ...ccusageFlags,
} as const;

/** The values of every report's flags, and of those that some have. */
export type ReportFlags = FlagValues<typeof reportFlags & typeof instancesFlag>;

/** `-i` of ccusage: by project as well. */
export const instancesFlag = {
  instances: { type: 'boolean', alias: 'i', describe: 'By project as well' },
} as const;

/** An open ledger, and what was asked of it. */
export interface ReportQuery {
  db: Ledger;
  reader: LedgerReader;
  request: SummaryRequest;
}

/**
 * Everything that is wrong with the flags is said before the ledger is read.
 * @throws UserError for a flag that can't be understood
 */
export async function parseReportQuery(
  args: LedgerFlags & FilterFlags & OrderFlags & CcusageFlags & Partial<ReportFlags>,
  firstBy: Dimension[],
): Promise<ReportQuery> {
  const nowMs = Date.now();
  rejectUnsupportedFlags(args);
  const zone = parseZone(args);
  const by = new Set([...firstBy, ...parseDimensions(args.by)]);
  if (args.instances === true) by.add('project');
  const limit = args.limit ?? null;
  if (limit !== null && !(Number.isInteger(limit) && limit > 0)) {
    throw new UserError('--limit: that is no number of rows', 'Write a whole number above 0.');
  }
  const { db, reader } = openReader(args);
  const projects = new ProjectReader(db);
  const { filter, filters } = await parseFilterFlags(args, reader, zone.offset, nowMs, projects);
  const order = args.order ?? null;
  const hasBreakdown = args.breakdown ?? false;
  const { ticketPattern } = currentSettings().project;
  const what = { filter, filters, by: [...by], hasBreakdown, ticketPattern };
  const request = { ...what, ...zone, order, limit, nowMs };
  return { db, reader, request };
}
