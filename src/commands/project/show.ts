import { UserError } from '../../core/lang/user-error.ts';
import { isAttributed } from '../../reports/dimensions.ts';
import { toLocalDay, startOfDay, timeLabel } from '../../core/time/period.ts';
import { REPORT_RENDERERS, renderJson } from '../../render/text/report-formats.ts';
import { renderProject, renderProjectMarkdown } from '../../render/project.ts';
import { projectReport } from '../../reports/project.ts';
import { ProjectReader } from '../../store/sessions/projects.ts';
import { SessionReader } from '../../store/sessions/reader.ts';
import { type FlagValues, defineCommand } from '../define.ts';
import { stdoutStyle, write } from '../session/io.ts';
import { namedProject } from '../session/settings.ts';
import { findProject } from '../flags/filters.ts';
import { chooseFormat, warnOfNote } from '../flags/format.ts';
import { parseReportQuery, reportFlags } from '../flags/report.ts';

/** Including today. */
const DAYS = 30;

const { project: _, ...flags } = reportFlags;

const positionals = {
  dir: { type: 'string', default: '.', describe: 'Its folder or its name (default: this folder)' },
} as const;

export const projectShowCommand = defineCommand({
  positionals,
  flags,
  examples: [
    ['tallyhook project', 'The project of this folder, day by day'],
    ['tallyhook project shop --by branch', 'Another project, by git branch'],
  ],
  handler: showProject,
});

async function showProject(args: FlagValues<typeof positionals & typeof flags>): Promise<void> {
  const format = chooseFormat(args);
  const query = await parseReportQuery(
    { ...args, project: args.dir },
    args.by === undefined ? ['day'] : [],
  );
  const { db, reader, request } = query;
  if (isAttributed(request.by, args.attributed)) {
    const instead = `tallyhook summary --project ${args.dir} --by ${request.by.join(',')}`;
    throw new UserError('project cannot group by shares of cost', `Use ${instead}`);
  }
  const { filter, filters, offset, nowMs } = request;
  if (args.since === undefined && args.until === undefined && args.last === undefined) {
    filter.sinceMs = startOfDay(toLocalDay(nowMs, offset) - DAYS + 1, offset);
    filters['since'] = timeLabel('day', filter.sinceMs, offset);
  }
  const project = namedProject(await findProject(args.dir, new ProjectReader(db)));
  const report = await projectReport(reader, request, project, new SessionReader(db));
  const isCompact = args.compact ?? (format === 'table' ? null : false);
  const view = { by: request.by, offset, style: stdoutStyle(), isCompact };
  write(
    {
      table: () => renderProject(report, view),
      json: () => renderJson(report),
      csv: () => REPORT_RENDERERS.csv(report, view),
      md: () => renderProjectMarkdown(report, view),
    }[format](),
  );
  warnOfNote(report, format);
}
