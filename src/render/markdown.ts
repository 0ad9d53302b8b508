import type { Sheet } from './table.ts';

/** A table as GitHub renders it; of a bar its figure. */
export function markdownTable({ columns, rows, last }: Sheet): string {
  const isBar = columns.map(({ cut }) => cut === 'bar');
  const cellsOf = (cells: string[]): string[] =>
    cells.map((cell, index) => escape(isBar[index] === true ? figureOf(cell) : cell));
  const line = (cells: string[]): string => `| ${cells.join(' | ')} |`;
  const rule = columns.map(({ align }, index) =>
    align === 'right' || isBar[index] === true ? '---:' : '---',
  );
  const lines = [line(cellsOf(columns.map(({ title }) => title))), line(rule)];
  for (const row of rows) lines.push(line(cellsOf(row)));
  if (last !== null) {
    lines.push(line(cellsOf(last).map((cell) => (cell === '' ? '' : `**${cell}**`))));
  }
  return lines.join('\n');
}

function figureOf(bar: string): string {
  return bar.trim().split(' ')[0] ?? '';
}

/** What would end a cell, or be shown as something else than itself. */
function escape(text: string): string {
  return text.replace(/[\r\n]+/g, ' ').replace(/[\\|<`*[]/g, String.raw`\$&`);
}
