import { printable } from '../../core/lang/printable.ts';
import type { Sheet } from './table.ts';

/** A table in GitHub's Markdown; a bar is reduced to its percentage. */
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

/** Escapes a text so that it shows literally: it cannot end a cell or become HTML, a link or markup. */
export function markdownText(text: string): string {
  return (
    printable(text)
      .replace(/[\\|`*_[\]]/g, String.raw`\$&`)
      .replace(/[&<>]/g, (letter) => ENTITIES.get(letter) ?? letter)
      // GitHub turns these into links automatically.
      .replace(/:(?=\/\/)|(?<=\bwww)\./gi, String.raw`\$&`)
  );
}

const ENTITIES = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
]);
