import type { CommandModule } from 'yargs';
import { lastNumber } from './last-of.ts';
import { UserError } from '../core/user-error.ts';
import { renderOverview, renderReport, renderSession } from '../render/summary.ts';
import { type Dimension } from '../reports/dimensions.ts';
import { type SummaryRequest, overview, summarize } from '../reports/summary.ts';
import { resolveProject } from '../sources/project.ts';
import { type LedgerFlags, ledgerFlags, openReader, print, stdoutStyle } from './context.ts';
import { type FilterFlags, dimensionsOf, filterFlags, filterOf, zoneOf } from './filters.ts';

interface SummaryFlags extends LedgerFlags, FilterFlags {
  by?: string[] | undefined;
  json: boolean;
  order?: 'asc' | 'desc' | undefined;
  limit?: number | undefined;
}

const flags = {
  ...filterFlags,
  by: {
    type: 'string',
    array: true,
    describe: 'Group by one or more, as in --by model,day',
    requiresArg: true,
  },
  json: { type: 'boolean', alias: 'j', default: false, describe: 'JSON on stdout' },
  order: {
    type: 'string',
    alias: 'o',
    choices: ['asc', 'desc'] as const,
    describe: 'Order of the groups',
  },
  limit: {
    type: 'number',
    coerce: lastNumber,
    describe: 'Show so many groups; the rest is added up',
    requiresArg: true,
  },
  ...ledgerFlags,
} as const;

export const summaryCommand: CommandModule<object, SummaryFlags> = {
  builder: (yargs) => yargs.options(flags),
  handler: (args) => runSummary(args, []),
};

/** `daily`, `weekly`, `monthly`, `sessions`: the same report with a grouping of its own. */
export function groupingCommand(by: Dimension): CommandModule<object, SummaryFlags> {
  return {
    builder: (yargs) => yargs.options(flags),
    handler: (args) => runSummary(args, [by]),
  };
}

async function runSummary(args: SummaryFlags, firstBy: Dimension[]): Promise<void> {
  const nowMs = Date.now();
  const zone = zoneOf(args);
  const by = [...new Set([...firstBy, ...dimensionsOf(args.by)])];
  const limit = args.limit ?? null;
  if (limit !== null && !(Number.isInteger(limit) && limit > 0)) {
    throw new UserError('--limit: that is no number of groups', 'Write a whole number above 0.');
  }
  const { reader } = openReader(args);
  const { filter, filters } = await filterOf(args, reader, zone.offset, nowMs);
  const style = stdoutStyle();
  const isOverview = by.length === 0 && Object.keys(filters).length === 0;
  if (isOverview) {
    const project = resolveProject(process.cwd());
    const report = await overview(reader, { ...zone, nowMs, project });
    print(args.json ? JSON.stringify(report, null, 2) : renderOverview(report, style));
    return;
  }
  const order = args.order ?? null;
  const request: SummaryRequest = { filter, filters, by, ...zone, order, limit, nowMs };
  const report = await summarize(reader, request);
  if (args.json) {
    print(JSON.stringify(report, null, 2));
    return;
  }
  if (by.length > 0 || filter.sessionId === null) {
    print(renderReport(report, by, style));
    return;
  }
  const parts: Dimension[][] = [['model'], ['agent-type', 'agent'], ['tool']];
  const grouped = await Promise.all(
    parts.map(async (part) => ({
      by: part,
      groups: (await summarize(reader, { ...request, by: part })).groups,
    })),
  );
  print(renderSession(report, grouped, style));
}
