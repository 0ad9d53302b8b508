import { parse } from 'csv-parse/sync';
import { toErrorMessage } from '../../core/lang/message-of.ts';

/**
 * Rows of a CSV text by the names in its first line; cells are text.
 * @returns what is wrong with it, where it is none
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
