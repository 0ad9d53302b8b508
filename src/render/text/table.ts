import { printable } from '../../core/lang/printable.ts';
import { fitting, width } from './display-width.ts';
import type { Style } from './style.ts';

export interface TextColumn {
  title: string;
  align: 'left' | 'right';
  /**
   * How a cell may be cut on a narrow terminal: `bar` keeps the percentage, and is cut before any name;
   * `end` keeps the start of an id, `middle` both ends of a name. Without it a cell is never cut.
   */
  cut?: 'bar' | 'end' | 'middle';
  /** The least number of columns of the terminal that a cut leaves. */
  least?: number;
  /** If set, the column is left out when the table is too wide even after cutting; highest first. */
  dispensable?: number;
  /** Colours the padded cell. */
  paint?: (text: string) => string;
}

export interface Sheet {
  columns: TextColumn[];
  rows: string[][];
  /** Shown below a rule. */
  last: string[] | null;
}

/** The width of a cut bar: its percentage. */
const BAR_FIGURE = 6;
const MIN_NAME_WIDTH = 8;

/** An aligned table: header, rule, rows and, if given, a last row below another rule. */
export function renderTable(
  columns: TextColumn[],
  rows: string[][],
  last: string[] | null,
  style: Style,
): string {
  return renderSheet({ columns, rows, last }, style);
}

export function renderSheet(sheet: Sheet, style: Style): string {
  const safe = { ...sheet, rows: sheet.rows.map((row) => row.map(printable)) };
  const { columns, rows, last } = narrowed(safe, style.columns);
  const widths = measureColumns({ columns, rows, last });
  fit(columns, widths, style.columns);
  const line = (row: string[], isPainted = false): string =>
    columns
      .map(({ align, cut, paint }, index) => {
        const size = widths[index] ?? 0;
        const cell = pad(cutTo(row[index] ?? '', size, cut, style), size, align);
        return isPainted && paint !== undefined ? paint(cell) : cell;
      })
      .join('  ')
      .trimEnd();
  const rule = style.dim(
    widths.map((size) => (style.isUnicode ? '─' : '-').repeat(size)).join('  '),
  );
  const lines = [
    style.bold(line(columns.map((column) => column.title))),
    rule,
    ...rows.map((row) => line(row, true)),
  ];
  if (last !== null) lines.push(rule, style.bold(line(last)));
  return lines.join('\n');
}

function measureColumns({ columns, rows, last }: Sheet): number[] {
  const all = [columns.map((column) => column.title), ...rows, ...(last === null ? [] : [last])];
  return columns.map((_, index) =>
    all.reduce((most, row) => Math.max(most, width(row[index] ?? '')), 0),
  );
}

/** Leaves out dispensable columns until the rest fits when cut. */
function narrowed(sheet: Sheet, most: number | null): Sheet {
  if (most === null) return sheet;
  const widths = measureColumns(sheet);
  const remaining = new Set(sheet.columns.keys());
  const least = (index: number): number => {
    const size = widths[index] ?? 0;
    const column = sheet.columns[index];
    return column === undefined ? size : Math.min(size, leastWidth(column, size));
  };
  const byNeed = sheet.columns
    .map(({ dispensable }, index) => ({ dispensable: dispensable ?? 0, index }))
    .filter(({ dispensable }) => dispensable > 0)
    .sort((a, b) => b.dispensable - a.dispensable);
  for (const { index } of byNeed) {
    if ([...remaining].reduce((sum, one) => sum + least(one) + 2, -2) <= most) break;
    remaining.delete(index);
  }
  const pick = <Item>(row: Item[]): Item[] => row.filter((_, index) => remaining.has(index));
  return {
    columns: pick(sheet.columns),
    rows: sheet.rows.map(pick),
    last: sheet.last === null ? null : pick(sheet.last),
  };
}

function leastWidth({ cut, least }: TextColumn, size: number): number {
  if (cut === undefined) return size;
  return cut === 'bar' ? BAR_FIGURE : (least ?? MIN_NAME_WIDTH);
}

/** Shortens bars, then the widest names, until the table fits. */
function fit(columns: TextColumn[], widths: number[], most: number | null): void {
  if (most === null) return;
  const tooMuch = (): number => widths.reduce((sum, size) => sum + size + 2, -2) - most;
  for (const kind of ['bar', 'name']) {
    const places = columns.flatMap(({ cut }, index) =>
      cut !== undefined && (cut === 'bar') === (kind === 'bar') ? [index] : [],
    );
    const spare = (index: number): number => {
      const column = columns[index];
      const size = widths[index] ?? 0;
      return column === undefined ? 0 : size - leastWidth(column, size);
    };
    while (tooMuch() > 0) {
      const cuttable = places.filter((index) => spare(index) > 0);
      const widest = cuttable.reduce((a, b) => ((widths[b] ?? 0) > (widths[a] ?? 0) ? b : a), -1);
      if (widest < 0) break;
      widths[widest] = (widths[widest] ?? 0) - 1;
    }
  }
}

function cutTo(text: string, size: number, cut: TextColumn['cut'], style: Style): string {
  if (width(text) <= size || cut === undefined) return text;
  if (cut === 'middle') return shorten(text, size, style);
  return fitting(text, size, 'start');
}

function pad(text: string, size: number, align: TextColumn['align']): string {
  const space = ' '.repeat(Math.max(0, size - width(text)));
  return align === 'left' ? text + space : space + text;
}

/** Cuts a text in the middle, where names differ least. */
export function shorten(text: string, size: number, style: Style): string {
  if (width(text) <= size) return text;
  const dots = style.isUnicode ? '…' : '..';
  const start = fitting(text, Math.floor((size - dots.length) / 3), 'start');
  return start + dots + fitting(text, size - dots.length - width(start), 'end');
}
