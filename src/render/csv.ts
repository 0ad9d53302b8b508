/** A value of a CSV cell; null is an empty cell. */
export type CsvValue = string | number | bigint | boolean | null;

/** What a spreadsheet takes for the start of a formula. */
const FORMULA = /^[=+\-@\t\r]/;

/**
 * One line of CSV as RFC 4180 has it, with its line break. A text that a spreadsheet would run as
 * a formula gets an apostrophe in front; numbers are left alone.
 */
export function csvLine(values: readonly CsvValue[]): string {
  return `${values.map(csvCell).join(',')}\r\n`;
}

function csvCell(value: CsvValue): string {
  if (value === null) return '';
  if (typeof value !== 'string') return String(value);
  const text = FORMULA.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
