import { UserError } from '../core/lang/user-error.ts';
import { type Format, REPORT_RENDERERS, renderJson } from '../render/text/report-formats.ts';
import { renderOverview, renderOverviewCsv, renderOverviewMarkdown } from '../render/overview.ts';
import { renderSession, renderSessionMarkdown } from '../render/session.ts';
import { SHARE_RENDERERS } from '../render/shares.ts';
import { type Dimension, isAttributed } from '../reports/dimensions.ts';
import { sessionReport } from '../reports/session.ts';
import { summarizeShares } from '../reports/shares/shares.ts';
import { reportOverview, summarize } from '../reports/summary.ts';
import { AttributionReader } from '../store/attribution/reader.ts';
import { RequestReader } from '../store/records/request-reader.ts';
import { ProjectReader } from '../store/sessions/projects.ts';
import { SessionReader } from '../store/sessions/reader.ts';
import { type Command, type Example, defineCommand } from './define.ts';
import { stdoutStyle, write } from './session/io.ts';
import { namedProject, currentPrices } from './session/settings.ts';
import { findProject } from './flags/filters.ts';
import { chooseFormat, warnOfNote } from './flags/format.ts';
import {
  type ReportQuery,
  type ReportFlags,
  parseReportQuery,
  instancesFlag,
  reportFlags,
} from './flags/report.ts';

const flags = { ...reportFlags, ...instancesFlag } as const;

export const summaryCommand = defineCommand({
  flags,
  examples: [
    ['tallyhook summary --session last', 'What the last session cost, by model, tool and prompt'],
    ['tallyhook summary --by model,day --last 7d', 'The last week by model and day'],
  ],
  handler: (args) => runSummary(args, []),
});

/** `daily`, `weekly`, `monthly`: the summary with a fixed grouping. */
export function groupingCommand(by: Dimension, name: string, example: Example): Command {
  return defineCommand({
    flags,
    examples: [
      example,
      [`tallyhook ${name} --by project --breakdown`, `By ${by} and project, with models`],
    ],
    handler: (args) => runSummary(args, [by]),
  });
}

/** @param isByActivity sorts sessions by their last requests */
export async function runSummary(
  args: ReportFlags,
  firstBy: Dimension[],
  isByActivity = false,
): Promise<void> {
  const format = chooseFormat(args);
  const query = await parseReportQuery(args, firstBy);
  const { db, reader, request } = query;
  const { filter, filters, offset } = request;
  if (request.by.length === 0) {
    if (filter.sessionId !== null) return showSession(query, format);
    if (args.breakdown) request.by = ['model'];
    else if (Object.keys(filters).length === 0) return showOverview(query, format);
  }
  if (isAttributed(request.by, args.attributed)) return showShares(query, args, format);
  const report = await summarize(reader, { ...request, isByActivity }, new SessionReader(db));
  const isCompact = args.compact ?? (format === 'table' ? null : false);
  const view = { by: request.by, offset, style: stdoutStyle(), isCompact };
  write(REPORT_RENDERERS[format](report, view));
  warnOfNote(report, format);
}

/** @throws UserError for `--breakdown`, which shares do not have */
async function showShares(
  { db, reader, request }: ReportQuery,
  args: ReportFlags,
  format: Format,
): Promise<void> {
  if (args.breakdown) {
    throw new UserError(
      '--breakdown does not work with shares of cost',
      'Group by model too: --by cause,model.',
    );
  }
  const report = await summarizeShares(reader, new AttributionReader(db), request);
  write(SHARE_RENDERERS[format](report, { by: request.by, style: stdoutStyle() }));
  warnOfNote(report, format);
}

async function showOverview({ db, reader, request }: ReportQuery, format: Format): Promise<void> {
  const project = namedProject(await findProject('.', new ProjectReader(db)));
  const report = await reportOverview(reader, { ...request, project });
  const style = stdoutStyle();
  write(
    {
      table: () => renderOverview(report, style),
      json: () => renderJson(report),
      csv: () => renderOverviewCsv(report),
      md: () => renderOverviewMarkdown(report, style),
    }[format](),
  );
  warnOfNote(report, format);
}

async function showSession({ db, reader, request }: ReportQuery, format: Format): Promise<void> {
  const report = await sessionReport(reader, new RequestReader(db), currentPrices(), request);
  const view = { style: stdoutStyle(), offset: request.offset };
  write(
    {
      table: () => renderSession(report, view),
      json: () => renderJson(report),
      csv: () => REPORT_RENDERERS.csv(report, { ...view, by: [], isCompact: false }),
      md: () => renderSessionMarkdown(report, view),
    }[format](),
  );
  warnOfNote(report, format);
}
