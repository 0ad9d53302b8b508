import { printable } from '../../core/lang/printable.ts';

/** A value of a cell; null is an empty one, an object is its JSON. */
export type CsvValue = unknown;

/** What a spreadsheet takes for the start of a formula, also behind spaces. */
const FORMULA = /^(?:[\t\r]|\s*[=+\-@＝＋－＠])/;

/**
 * One line of CSV as RFC 4180 has it, ended by CRLF. Text that a spreadsheet would run as a formula
 * gets an apostrophe before it; control characters and invisible ones are written out, so that a row is
 * one line; numbers stay as they are, and nothing is an empty cell.
 */
export function csvLine(values: readonly CsvValue[]): string {
  return `${values.map(cell).join(',')}\r\n`;
}

function cell(value: CsvValue): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value === 'bigint') return String(value);
  // A sum beyond 2^53 comes as text, and is a number all the same.
  if (typeof value === 'string' && /^-?\d{16,}$/.test(value)) return value;
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const safe = `${FORMULA.test(text) ? "'" : ''}${printable(text)}`;
  return /[",]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
