import { printable } from '../core/lang/printable.ts';
import type { ProjectReport } from '../reports/project.ts';
import { NOTHING } from './text/cells.ts';
import { formatExactUsd } from './text/number-format.ts';
import { renderReportMarkdown } from './text/report-formats.ts';
import { markdownTable } from './text/markdown.ts';
import { paintedNotes, requestsText } from './notes.ts';
import { type ReportView, reportSheet } from './text/report-sheet.ts';
import { renderSheet } from './text/table.ts';

/** A project's cost by day (or as grouped), then by model. */
export function renderProject(report: ProjectReport, view: ReportView): string {
  const { style } = view;
  const { totals, project } = report;
  const title = `${style.bold(printable(project.name))}  ${style.dim(printable(project.root))}`;
  if (totals.requests === 0) return `${title}\n${report.note ?? NOTHING}\n`;
  const range = rangeText(report);
  const summary = `${formatExactUsd(totals.costNanoUsd)}  ${requestsText(totals.requests)}  ${range}`;
  const lines = [title, summary.trimEnd(), '', renderSheet(reportSheet(report, view), style)];
  if (hasModels(report, view)) lines.push('', renderSheet(modelSheet(report, view), style));
  return `${[...lines, ...paintedNotes(report, style)].join('\n')}\n`;
}

export function renderProjectMarkdown(report: ProjectReport, view: ReportView): string {
  const text = renderReportMarkdown(report, view);
  return hasModels(report, view) ? `${text}\n${markdownTable(modelSheet(report, view))}\n` : text;
}

function hasModels({ totals }: ProjectReport, { by }: ReportView): boolean {
  return totals.requests !== 0 && !by.includes('model');
}

function modelSheet(report: ProjectReport, view: ReportView): ReturnType<typeof reportSheet> {
  const models = { ...report, groups: report.byModel };
  return { ...reportSheet(models, { ...view, by: ['model'] }), last: null };
}

function rangeText({ filters }: ProjectReport): string {
  const { since, until, last } = filters;
  const parts = [
    ...(since === undefined ? [] : [`since ${printable(since)}`]),
    ...(until === undefined ? [] : [`until ${printable(until)}`]),
    ...(last === undefined ? [] : [`last ${printable(last)}`]),
  ];
  return parts.join(' ');
}
