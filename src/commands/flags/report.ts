import { UserError } from '../../core/lang/user-error.ts';
import type { Dimension } from '../../reports/dimensions.ts';
import type { SummaryRequest } from '../../reports/summary.ts';
import { LedgerReader } from '../../store/reader.ts';
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
import { FLAG_GROUPS } from './groups.ts';

export const orderFlags = {
  order: {
    type: 'string',
    alias: 'o',
    choices: ['asc', 'desc'] as const,
    describe: 'Order of the rows',
    group: FLAG_GROUPS.output,
  },
  limit: {
    type: 'number',
    coerce: lastValue<number>,
    describe: 'Show at most N rows; the rest are summed as (others)',
    requiresArg: true,
    group: FLAG_GROUPS.output,
  },
} as const;

type OrderFlags = FlagValues<typeof orderFlags>;

export const attributedFlag = {
  attributed: {
    type: 'boolean',
    default: false,
    describe: 'Cost of tools, MCP servers and skills by what they caused, not by the first call',
    group: FLAG_GROUPS.grouping,
  },
} as const;

export const reportFlags = {
  by: {
    type: 'string',
    array: true,
    describe: 'Group by one or more values, e.g. --by model,day',
    requiresArg: true,
    group: FLAG_GROUPS.grouping,
  },
  breakdown: {
    type: 'boolean',
    alias: 'b',
    default: false,
    describe: 'Show the models of each group below it',
    group: FLAG_GROUPS.grouping,
  },
  ...attributedFlag,
  ...orderFlags,
  compact: {
    type: 'boolean',
    describe: 'Fewer columns (automatic on terminals below 100 columns)',
    negated: 'All columns, however narrow the terminal is',
    group: FLAG_GROUPS.output,
  },
  ...outputFlags,
  ...filterFlags,
  ...ledgerFlags,
  ...ccusageFlags,
} as const;

/** The values of the flags of every report, and of those that only some reports have. */
export type ReportFlags = FlagValues<typeof reportFlags & typeof instancesFlag>;

/** `-i` of ccusage. */
export const instancesFlag = {
  instances: {
    type: 'boolean',
    alias: 'i',
    describe: 'Group by project as well',
    group: FLAG_GROUPS.grouping,
  },
} as const;

/** An open ledger, and the report requested from it. */
export interface ReportQuery {
  db: Ledger;
  reader: LedgerReader;
  request: SummaryRequest;
}

/**
 * Checks every flag before it reads the ledger.
 * @throws UserError for an invalid flag
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
    throw new UserError('--limit must be a whole number above 0');
  }
  const { db, reader } = openReader(args);
  const ledger = { db, reader };
  const { filter, filters } = await parseFilterFlags(args, ledger, zone.offset, nowMs);
  const order = args.order ?? null;
  const hasBreakdown = args.breakdown ?? false;
  const { ticketPattern } = currentSettings().project;
  const what = { filter, filters, by: [...by], hasBreakdown, ticketPattern };
  const request = { ...what, ...zone, order, limit, nowMs };
  return { db, reader, request };
}
