import { printable } from '../core/lang/printable.ts';
import type { Overview, Totals } from '../reports/report.ts';
import { allTokens, costText, right } from './text/cells.ts';
import { csvLine } from './text/csv.ts';
import { formatCount, formatShort, usdDigits } from './text/number-format.ts';
import { markdownNotes } from './text/report-formats.ts';
import { markdownTable } from './text/markdown.ts';
import { paintedNotes } from './notes.ts';
import type { Style } from './text/style.ts';
import { type Sheet, renderSheet, shorten } from './text/table.ts';
import { joinParts } from './text/wrap.ts';

/** All time, today, this project and the last session. */
export function renderOverview(report: Overview, style: Style): string {
  if (report.totals.requests === 0) {
    return [
      'Nothing is recorded yet.',
      `Use your coding agent, or read transcripts from another folder: ${style.bold('tallyhook import --projects DIR')}\n`,
    ].join('\n');
  }
  const next = joinParts(
    ['tallyhook summary --session last', 'tallyhook daily', 'tallyhook --help'],
    style.isUnicode ? ' · ' : ' - ',
    style.columns,
  ).map((line) => style.dim(line));
  const table = renderSheet(overviewSheet(report, style), style);
  return `${[table, ...paintedNotes(report, style), '', ...next].join('\n')}\n`;
}

export function renderOverviewMarkdown(report: Overview, style: Style): string {
  const table = markdownTable(overviewSheet(report, style));
  return `${[table, ...markdownNotes(report)].join('\n')}\n`;
}

/** One row for each part. The parts overlap, so the rows must not be summed. */
export function renderOverviewCsv(report: Overview): string {
  const { today, project, lastSession, totals } = report;
  const names = Object.keys(totals) as (keyof Totals)[];
  const lines = [csvLine(['part', ...names])];
  for (const [part, of] of Object.entries({ today, project, lastSession, allTime: totals })) {
    if (of !== null) lines.push(csvLine([part, ...names.map((name) => of[name])]));
  }
  return lines.join('');
}

function overviewSheet(report: Overview, style: Style): Sheet {
  const columns = [
    { title: '', align: 'left' as const, cut: 'middle' as const, least: 24 },
    { ...right('Requests'), dispensable: 2 },
    { ...right('Output'), dispensable: 1 },
    { ...right('Tokens'), dispensable: 3 },
    right('Cost'),
  ];
  const digits = usdDigits(report.totals.costNanoUsd);
  const row = (title: string, totals: Totals): string[] => [
    title,
    formatCount(totals.requests),
    formatCount(totals.outputTokens),
    formatShort(allTokens(totals)),
    costText(totals, digits),
  ];
  const rows = [row('Today', report.today)];
  // Outside a recorded project, the row would only have zeros.
  if (report.project.requests !== 0) {
    rows.push(row(`Project ${shorten(printable(report.project.name), 30, style)}`, report.project));
  }
  if (report.lastSession !== null) {
    rows.push(row(`Last session ${report.lastSession.sessionId.slice(0, 8)}`, report.lastSession));
  }
  return { columns, rows, last: row('All time', report.totals) };
}
