import { width } from './display-width.ts';

/** Joins parts with a separator, on as many lines as needed. @param columns null: one line */
export function joinParts(parts: string[], separator: string, columns: number | null): string[] {
  const lines: string[] = [];
  for (const part of parts) {
    const line = lines.at(-1);
    const longer = line === undefined ? part : line + separator + part;
    if (line === undefined || (columns !== null && width(longer) > columns)) lines.push(part);
    else lines[lines.length - 1] = longer;
  }
  return lines;
}

/** Breaks a text between words; further lines are indented. */
export function wrapText(text: string, columns: number | null): string[] {
  const lines = joinParts(text.split(' '), ' ', columns === null ? null : columns - 2);
  return lines.map((line, index) => (index === 0 ? line : `  ${line}`));
}
