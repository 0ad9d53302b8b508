import { jsonText } from '../core/lang/printable.ts';
import type { RecordJson } from '../core/record/record-json.ts';
import type { ExportFormat } from '../core/settings/kinds.ts';
import type { Group, Report } from '../reports/report.ts';
import type { ShareReport } from '../reports/shares/shares.ts';
import type { Dimension } from '../reports/dimensions.ts';
import { csvLine } from './text/csv.ts';
import { shareCsv } from './shares.ts';

/** The fields before the records of a JSON document. */
export type ExportHeader = Pick<Report, 'schemaVersion' | 'generatedAt' | 'timezone' | 'filters'>;

/**
 * Records as text, one piece per page. JSON is one document with one record per line.
 * @param fields of every record; needed for the header of a CSV file without rows
 */
export function* recordsText(
  format: ExportFormat,
  header: ExportHeader,
  fields: (keyof RecordJson)[],
  pages: Iterable<RecordJson[]>,
): Generator<string> {
  if (format === 'csv') yield csvLine(fields);
  if (format === 'json') yield `${jsonText(header, 2).slice(0, -2)},\n  "records": [`;
  let separator = '\n    ';
  for (const page of pages) {
    let text = '';
    for (const record of page) {
      if (format === 'csv') text += csvLine(fields.map((name) => record[name]));
      else if (format === 'ndjson') text += `${jsonText(record)}\n`;
      else {
        text += separator + jsonText(record);
        separator = ',\n    ';
      }
    }
    yield text;
  }
  if (format === 'json') yield `${separator.startsWith(',') ? '\n  ' : ''}]\n}\n`;
}

/** Groups as text: the report's JSON document, or one line of CSV or NDJSON per group. */
export function groupsText(format: ExportFormat, report: Report, by: readonly string[]): string {
  if (format !== 'csv') return groupsJson(format, report);
  const measures = Object.keys(report.totals) as Exclude<keyof Group, 'key'>[];
  const rows = report.groups.map((group) => [
    ...by.map((name) => group.key[name]),
    ...measures.map((name) => group[name]),
  ]);
  return [[...by, ...measures], ...rows].map(csvLine).join('');
}

/** The same for shares, which have only a cost. */
export function sharesText(
  format: ExportFormat,
  report: ShareReport,
  by: readonly Dimension[],
): string {
  return format === 'csv' ? shareCsv(report.groups, by) : groupsJson(format, report);
}

function groupsJson(format: 'json' | 'ndjson', report: { groups: object[] }): string {
  if (format === 'json') return `${jsonText(report, 2)}\n`;
  return report.groups.map((group) => `${jsonText(group)}\n`).join('');
}
