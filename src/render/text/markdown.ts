import { printable } from '../../core/lang/printable.ts';
import type { Sheet } from './table.ts';

/** A table as GitHub renders it; of a bar its figure. */
export function markdownTable({ columns, rows, last }: Sheet): string {
  const isBar = columns.map(({ cut }) => cut === 'bar');
  const padCells = (cells: string[]): string[] =>
    cells.map((cell, index) => markdownText(isBar[index] === true ? formatFigure(cell) : cell));
  const line = (cells: string[]): string => `| ${cells.join(' | ')} |`;
  const rule = columns.map(({ align }, index) =>
    align === 'right' || isBar[index] === true ? '---:' : '---',
  );
  const lines = [line(padCells(columns.map(({ title }) => title))), line(rule)];
  for (const row of rows) lines.push(line(padCells(row)));
  if (last !== null) {
    lines.push(line(padCells(last).map((cell) => (cell === '' ? '' : `**${cell}**`))));
  }
  return lines.join('\n');
}

function formatFigure(bar: string): string {
  return bar.trim().split(' ')[0] ?? '';
}

/** A text as itself: it ends no cell, and is no HTML, link, emphasis or code. */
export function markdownText(text: string): string {
  return (
    printable(text)
      .replace(/[\\|`*_[\]]/g, String.raw`\$&`)
      .replace(/[&<>]/g, (letter) => ENTITIES.get(letter) ?? letter)
      // What GitHub makes a link of by itself.
      .replace(/:(?=\/\/)|(?<=\bwww)\./gi, String.raw`\$&`)
  );
}

const ENTITIES = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
]);
