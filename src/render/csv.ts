/** A value of a cell; null is an empty one, an object is its JSON. */
export type CsvValue = unknown;

/** What a spreadsheet takes for the start of a formula. */
const FORMULA = /^[=+\-@\t\r]/;

/**
 * One line of CSV as RFC 4180 has it, ended by CRLF. Text that a spreadsheet would run as a formula
 * gets an apostrophe before it; numbers stay as they are, and nothing is an empty cell.
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
  const safe = FORMULA.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
