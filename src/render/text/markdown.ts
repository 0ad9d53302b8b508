import { printable } from '../../core/lang/printable.ts';
import type { Sheet } from './table.ts';

/** A table as GitHub renders it; of a bar its figure. */
export function markdownTable({ columns, rows, last }: Sheet): string {
  const isBar = columns.map(({ cut }) => cut === 'bar');
  const cellsOf = (cells: string[]): string[] =>
    cells.map((cell, index) => markdownText(isBar[index] === true ? figureOf(cell) : cell));
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
