import type { Style } from './style.ts';

export interface Column {
  title: string;
  align: 'left' | 'right';
}

/** An aligned table: a header, a rule, rows, and a last row behind a rule where one is given. */
export function renderTable(
  columns: Column[],
  rows: string[][],
  last: string[] | null,
  style: Style,
): string {
  const all = [columns.map((column) => column.title), ...rows, ...(last === null ? [] : [last])];
  const widths = columns.map((_, index) => Math.max(...all.map((row) => width(row[index] ?? ''))));
  fit(columns, widths, style.columns);
  const line = (row: string[]): string =>
    columns
      .map((column, index) => {
        const size = widths[index] ?? 0;
        const cell = row[index] ?? '';
        return pad(width(cell) > size ? shorten(cell, size, style) : cell, size, column.align);
      })
      .join('  ')
      .trimEnd();
  const rule = style.dim(
    widths.map((size) => (style.isUnicode ? '─' : '-').repeat(size)).join('  '),
  );
  const lines = [style.bold(line(columns.map((column) => column.title))), rule, ...rows.map(line)];
  if (last !== null) lines.push(rule, style.bold(line(last)));
  return lines.join('\n');
}

/** Takes what is too wide for the terminal from the widest names; figures are never cut. */
function fit(columns: Column[], widths: number[], most: number | null): void {
  if (most === null) return;
  const names = columns.flatMap(({ align }, index) => (align === 'left' ? [index] : []));
  const tooMuch = (): number => widths.reduce((sum, size) => sum + size + 2, -2) - most;
  while (tooMuch() > 0) {
    const widest = names.reduce(
      (a, b) => ((widths[b] ?? 0) > (widths[a] ?? 0) ? b : a),
      names[0] ?? 0,
    );
    if ((widths[widest] ?? 0) <= 8) return;
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
}

function pad(text: string, size: number, align: Column['align']): string {
  const space = ' '.repeat(Math.max(0, size - width(text)));
  return align === 'left' ? text + space : space + text;
}

/** Characters that a text takes on a terminal, without its colours. */
export function width(text: string): number {
  // oxlint-disable-next-line no-control-regex -- colours are control characters
  return [...text.replace(/\u001B\[\d+m/g, '')].length;
}

/** Cuts a text in its middle, where names differ least. */
export function shorten(text: string, size: number, style: Style): string {
  if (width(text) <= size) return text;
  const dots = style.isUnicode ? '…' : '..';
  const left = Math.floor((size - dots.length) / 3);
  return text.slice(0, left) + dots + text.slice(text.length - (size - dots.length - left));
}
