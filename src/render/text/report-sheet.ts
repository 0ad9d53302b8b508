import { CLAUDE_CODE, clientTitle } from '../../core/client/names.ts';
import { printable } from '../../core/lang/printable.ts';
import type { ZoneOffset } from '../../core/time/period.ts';
import { type Dimension, isTimeDimension } from '../../reports/dimensions.ts';
import type { Group, Report, Totals } from '../../reports/report.ts';
import {
  bar,
  cacheWrites,
  costText,
  folderName,
  keyColumn,
  keyText,
  left,
  localTime,
  right,
  share,
  columnTitle,
} from './cells.ts';
import { formatCount, usdDigits } from './number-format.ts';
import type { Style } from './style.ts';
import { type TextColumn, type Sheet, shorten } from './table.ts';
import { width } from './display-width.ts';

/** How a report is to be shown. */
export interface ReportView {
  by: Dimension[];
  offset: ZoneOffset;
  style: Style;
  /** Fewer columns; null: only on a narrow terminal. */
  isCompact: boolean | null;
}

/** Below this width a table is compact automatically. */
const WIDE_COLUMNS = 100;

/** A column of a report: its text for a group and for the total. */
interface Part {
  column: TextColumn;
  cell: (group: Group) => string;
  total?: (totals: Totals) => string;
  isBreakdown?: boolean;
}

/** The groups of a report as a table, each followed by its breakdown by model, if requested. */
export function reportSheet(report: Report, view: ReportView): Sheet {
  const { totals, groups } = report;
  const { by } = view;
  const parts = splitReport(report, view);
  const rows: string[][] = [];
  for (const group of by.length > 0 ? groups : [{ key: {}, ...totals }]) {
    rows.push(parts.map(({ cell }) => cell(group)));
    // A group by model has no other models to list.
    const breakdown = by.includes('model') ? [] : (group.breakdown ?? []);
    for (const model of breakdown) rows.push(breakdownRow(model, parts, view.style));
  }
  const last =
    by.length === 0
      ? null
      : parts.map(({ total }, index) => (index === 0 ? 'Total' : (total?.(totals) ?? '')));
  return { columns: parts.map(({ column }) => column), rows, last };
}

function splitReport(report: Report, view: ReportView): Part[] {
  const { by, style } = view;
  const { totals } = report;
  const isCompact = view.isCompact ?? (style.columns ?? 120) < WIDE_COLUMNS;
  // --no-compact keeps every column, however narrow the terminal is.
  const may = (dispensable: number): Pick<TextColumn, 'dispensable'> =>
    view.isCompact === false ? {} : { dispensable };
  const digits = usdDigits(totals.costNanoUsd);
  const figure = (column: TextColumn, value: (totals: Totals) => string, isWide = false): Part[] =>
    isWide && isCompact ? [] : [{ column, cell: value, total: value, isBreakdown: true }];
  return [
    ...by.map((name, index): Part => {
      const column = keyColumn(name);
      const isNamed = index === 0 && report.groups.some(({ breakdown }) => breakdown !== undefined);
      return {
        column: isNamed && isTimeDimension(name) ? namedTime(column, report, name, style) : column,
        cell: (group) =>
          index > 0 && group.key['other'] === true ? '' : keyText(group, name, style),
      };
    }),
    ...(by.includes('session') ? sessionParts(report, view, may) : []),
    ...figure({ ...right('Requests'), ...may(2) }, (of) => formatCount(of.requests)),
    ...figure({ ...right('Input'), ...may(5) }, (of) => formatCount(of.inputTokens)),
    ...figure({ ...right('Output'), ...may(1) }, (of) => formatCount(of.outputTokens)),
    ...figure({ ...right('Cache write'), ...may(7) }, (of) => formatCount(cacheWrites(of)), true),
    ...figure({ ...right('Cache read'), ...may(6) }, (of) => formatCount(of.cacheReadTokens), true),
    ...figure(right('Cost'), (of) => costText(of, digits)),
    ...(by.length > 0
      ? [{ column: share(style), cell: (of: Group) => bar(of, totals, style), isBreakdown: true }]
      : []),
  ];
}

/** A column with times and, in a breakdown, models: a model may be cut, a time may not. */
function namedTime(
  column: TextColumn,
  { groups }: Report,
  name: Dimension,
  style: Style,
): TextColumn {
  const least = Math.max(...groups.map((group) => width(keyText(group, name, style))));
  return { ...column, cut: 'middle', least };
}

function sessionParts(
  { groups }: Report,
  { style, offset }: ReportView,
  may: (dispensable: number) => Pick<TextColumn, 'dispensable'>,
): Part[] {
  // Whoever uses only Claude Code needs no column for it.
  const hasOthers = groups.some(({ client }) => client != null && client !== CLAUDE_CODE);
  const clients: Part = {
    column: { ...left(columnTitle('client')), ...may(4) },
    cell: ({ client }) => (client == null ? '' : printable(clientTitle(client))),
  };
  return [
    ...(hasOthers ? [clients] : []),
    {
      column: { ...left(columnTitle('project')), ...may(4) },
      cell: ({ project }) => (project == null ? '' : shorten(folderName(project), 24, style)),
    },
    {
      column: { title: 'Last activity', align: 'left', ...may(3) },
      cell: ({ lastAt }) =>
        lastAt == null ? '' : localTime(Date.parse(lastAt), offset).slice(0, 16),
    },
  ];
}

function breakdownRow(model: Group, parts: Part[], style: Style): string[] {
  const name = `${style.isUnicode ? '└' : '-'} ${keyText(model, 'model', style)}`;
  return parts.map(({ cell, isBreakdown }, index) => {
    if (index === 0) return name;
    return isBreakdown === true ? cell(model) : '';
  });
}
