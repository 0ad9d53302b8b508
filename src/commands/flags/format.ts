import { warn } from '../session/io.ts';
import { UserError } from '../../core/lang/user-error.ts';
import { FORMATS, type Format } from '../../render/text/report-formats.ts';
import type { FlagValues } from '../define.ts';
import { json as jsonFlag } from './json.ts';
import { choiceFault } from './choice.ts';
import { FLAG_GROUPS } from './groups.ts';
import { lastValue } from './last-value.ts';

/** The formats in which a report is printed. */
export const outputFlags = {
  format: {
    type: 'string',
    coerce: lastValue<string>,
    describe: 'table (default), json, csv or md',
    requiresArg: true,
    group: FLAG_GROUPS.output,
  },
  json: jsonFlag,
} as const;

export type OutputFlags = FlagValues<typeof outputFlags>;

/** @throws UserError for an unknown format, or for two different ones */
export function chooseFormat({ format, json }: OutputFlags): Format {
  if (format === undefined) return json ? 'json' : 'table';
  const known = FORMATS.find((name) => name === format);
  if (known === undefined) throw new UserError(choiceFault('--format', format, FORMATS));
  if (json && known !== 'json') {
    throw new UserError(`--json contradicts --format ${known}`, 'Use one of them.');
  }
  return known;
}

/** CSV has no place for the reason why the filters leave nothing. */
export function warnOfNote(
  { note, filters }: { note?: string; filters: object },
  format: Format,
): void {
  const isFiltered = Object.keys(filters).length > 0;
  if (format === 'csv' && isFiltered && note !== undefined) warn(note);
}
