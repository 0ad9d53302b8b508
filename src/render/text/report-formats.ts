import { jsonText } from '../../core/lang/printable.ts';
import type { Dimension } from '../../reports/dimensions.ts';
import { type Group, type Report, type Sum, TOTAL_FIELDS } from '../../reports/report.ts';
import { NOTHING } from './cells.ts';
import { type CsvValue, csvLine } from './csv.ts';
import { markdownTable } from './markdown.ts';
import { formatNotes, paintedNotes } from '../notes.ts';
import { type ReportView, reportSheet } from './report-sheet.ts';
import { renderSheet } from './table.ts';

export const FORMATS = ['table', 'json', 'csv', 'md'] as const;
export type Format = (typeof FORMATS)[number];

/** Returns a report as text, ready to be written; there is one function per format. */
type ReportRenderer = (report: Report, view: ReportView) => string;

export const REPORT_RENDERERS: Record<Format, ReportRenderer> = {
  table: renderReportTable,
  json: renderJson,
  csv: renderReportCsv,
  md: renderReportMarkdown,
};

export function renderJson(document: object): string {
  return `${jsonText(document, 2)}\n`;
}

function renderReportTable(report: Report, view: ReportView): string {
  if (report.totals.requests === 0) return `${report.note ?? NOTHING}\n`;
  const table = renderSheet(reportSheet(report, view), view.style);
  return `${[table, ...paintedNotes(report, view.style)].join('\n')}\n`;
}

export function renderReportMarkdown(report: Report, view: ReportView): string {
  if (report.totals.requests === 0) return `${report.note ?? NOTHING}\n`;
  const table = markdownTable(reportSheet(report, view));
  return `${[table, ...markdownNotes(report)].join('\n')}\n`;
}

export function markdownNotes(
  report: Pick<Report, 'totals' | 'unmeteredRequests' | 'unattributedCostNanoUsd'>,
): string[] {
  const notes = formatNotes(report, { isUnicode: true });
  return notes.length > 0
    ? ['', ...notes.map((note) => `- ${note.replace(/^([-+~])/, '\\$1')}`)]
    : [];
}

/**
 * A row for each group, without a total, so that columns can be summed. With a breakdown, a row for each
 * model of each group; without groups, one row with the totals.
 */
function renderReportCsv({ totals, groups }: Report, { by }: ReportView): string {
  const isBroken = !by.includes('model') && groups.some(({ breakdown }) => breakdown !== undefined);
  const facts = by.includes('session') ? (['project', 'firstAt', 'lastAt'] as const) : [];
  const lines = [csvLine([...by, ...(isBroken ? ['model'] : []), ...facts, ...TOTAL_FIELDS])];
  for (const group of by.length > 0 ? groups : [{ key: {}, ...totals }]) {
    for (const row of isBroken ? (group.breakdown ?? []) : [group]) {
      lines.push(
        csvLine([
          ...by.map((name, index) => keyCell(group, name, index)),
          ...(isBroken ? [keyCell(row, 'model', 0)] : []),
          ...facts.map((name) => group[name] ?? null),
          ...TOTAL_FIELDS.map((name) => (name === 'costUsd' ? row.costUsd : exact(row[name]))),
        ]),
      );
    }
  }
  return lines.join('');
}

function keyCell(group: Group, name: Dimension, index: number): CsvValue {
  if (group.key['other'] === true) return index === 0 ? '(others)' : null;
  return group.key[name] ?? null;
}

/** A sum too large for a double is text in JSON; in CSV it is a number. */
function exact(sum: Sum): number | bigint {
  return typeof sum === 'string' ? BigInt(sum) : sum;
}
