import { parse } from 'csv-parse/sync';
import { toErrorMessage } from '../../core/lang/message-of.ts';

/**
 * Parses CSV text into rows, with the first line as the names of the columns; cells are text.
 * @returns a message if the text is not valid CSV
 */
export function csvRows(
  text: string,
): { ok: true; rows: Record<string, string>[] } | { ok: false; message: string } {
  try {
    const options = { columns: true, bom: true, trim: true, skip_empty_lines: true } as const;
    return { ok: true, rows: parse<Record<string, string>>(text, options) };
  } catch (error) {
    return { ok: false, message: toErrorMessage(error) };
  }
}
