import { printable } from '../../core/lang/printable.ts';

/** A cell's value; null gives an empty cell, an object its JSON. */
export type CsvValue = unknown;

/** What a spreadsheet treats as the start of a formula, also after spaces. */
const FORMULA = /^(?:[\t\r]|\s*[=+\-@＝＋－＠])/;

/**
 * One line of CSV by RFC 4180, ended by CRLF. Text that a spreadsheet would run as a formula gets a
 * leading apostrophe; control and invisible characters are escaped, so that a row is one line; numbers
 * are unchanged.
 */
export function csvLine(values: readonly CsvValue[]): string {
  return `${values.map(cell).join(',')}\r\n`;
}

function cell(value: CsvValue): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value === 'bigint') return String(value);
  // A sum beyond 2^53 is passed as text, but is a number.
  if (typeof value === 'string' && /^-?\d{16,}$/.test(value)) return value;
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const safe = `${FORMULA.test(text) ? "'" : ''}${printable(text)}`;
  return /[",]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
